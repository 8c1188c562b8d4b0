ALTER TABLE `tasks`
	ADD COLUMN `job_id` varchar(64),
	ADD COLUMN `job_ended_at` datetime(3),
	ADD COLUMN `wait_reason` varchar(512),
	ADD COLUMN `result_msg_id` varchar(20),
	ADD COLUMN `fail_detail` text,
	ADD COLUMN `notify` varchar(8) DEFAULT 'all' NOT NULL,
	ADD COLUMN `request_id` varchar(64),
	ADD CONSTRAINT `uiq_tasks_result` UNIQUE(`result_msg_id`),
	ADD KEY `idx_tasks_account` (`account`,`id`);
--> statement-breakpoint
UPDATE IGNORE `tasks` SET `result_msg_id` = `msg_id` WHERE `status` = 'succeeded';
--> statement-breakpoint
UPDATE `tasks` SET `job_ended_at` = `finished_at` WHERE `finished_at` IS NOT NULL;
