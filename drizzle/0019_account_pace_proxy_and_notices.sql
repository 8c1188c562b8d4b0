CREATE TABLE `operator_notices` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`body` text NOT NULL,
	`state` varchar(16) NOT NULL DEFAULT 'waiting',
	`attempts` int NOT NULL DEFAULT 0,
	`reason` text,
	`due_at` datetime(3) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`settled_at` datetime(3),
	CONSTRAINT `operator_notices_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `proxy` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `proxy_shown` varchar(255);--> statement-breakpoint
ALTER TABLE `accounts` ADD `pacing` json;--> statement-breakpoint
CREATE INDEX `idx_operator_notices_state` ON `operator_notices` (`state`,`id`);--> statement-breakpoint
CREATE INDEX `idx_operator_notices_settled` ON `operator_notices` (`settled_at`);--> statement-breakpoint
CREATE INDEX `idx_tasks_sent` ON `tasks` (`account`,`sent_at`);