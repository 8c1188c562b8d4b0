-- The table of the older Python installations, which may be there already with its users.
CREATE TABLE IF NOT EXISTS `user_info` (
	`id` bigint(20) NOT NULL AUTO_INCREMENT,
	`user_name` varchar(64) NOT NULL DEFAULT '',
	`app_key` varchar(64) NOT NULL DEFAULT '',
	`token_total` int(11) DEFAULT 0,
	`token_use` int(11) DEFAULT 0,
	`created_at` datetime DEFAULT NULL,
	`updated_at` datetime DEFAULT NULL,
	PRIMARY KEY (`id`),
	UNIQUE KEY `uiq_user_name` (`user_name`),
	UNIQUE KEY `uiq_app_key` (`app_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--> statement-breakpoint
ALTER TABLE `user_info`
	ADD COLUMN `app_key_hint` varchar(32),
	ADD COLUMN `role` varchar(16) NOT NULL DEFAULT 'user',
	ADD COLUMN `disabled_at` datetime(3);
--> statement-breakpoint
-- Keys that older installations stored as they are: hashed in place, once, so that their clients keep working.
-- Assignments run from left to right: the hint is taken before the key is gone.
UPDATE `user_info` SET
	`app_key_hint` = CONCAT(LEFT(`app_key`, 3), '…', RIGHT(`app_key`, 2)),
	`app_key` = SHA2(`app_key`, 256),
	`token_total` = COALESCE(`token_total`, 0),
	`token_use` = COALESCE(`token_use`, 0)
WHERE `app_key_hint` IS NULL;
--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` bigint unsigned NOT NULL,
	`user_id` bigint NOT NULL,
	`trigger_type` varchar(32) NOT NULL,
	`action` json NOT NULL,
	`status` varchar(16) NOT NULL DEFAULT 'queued',
	`progress` tinyint NOT NULL DEFAULT 0,
	`prompt` text NOT NULL,
	`idx` tinyint,
	`parent_id` bigint unsigned,
	`account` varchar(64),
	`send_attempts` smallint NOT NULL DEFAULT 0,
	`nonce` varchar(25),
	`sent_at` datetime(3),
	`sent_after_msg_id` varchar(20),
	`progress_msg_id` varchar(20),
	`msg_id` varchar(20),
	`msg_flags` int,
	`msg_hash` varchar(64),
	`image_url` text,
	`width` int,
	`height` int,
	`buttons` json,
	`texts` json,
	`fail_code` varchar(32),
	`fail_reason` text,
	`state` varchar(1024),
	`notify_hook` text,
	`version` int NOT NULL DEFAULT 1,
	`created_at` datetime(3) NOT NULL,
	`submitted_at` datetime(3),
	`started_at` datetime(3),
	`finished_at` datetime(3),
	`progressed_at` datetime(3),
	CONSTRAINT `tasks_id` PRIMARY KEY(`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--> statement-breakpoint
CREATE TABLE `token_ledger` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`user_id` bigint NOT NULL,
	`task_id` bigint unsigned,
	`kind` varchar(16) NOT NULL,
	`change_in_use` int NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	CONSTRAINT `token_ledger_id` PRIMARY KEY(`id`),
	CONSTRAINT `uiq_ledger_task_kind` UNIQUE(`task_id`,`kind`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` bigint unsigned NOT NULL,
	`user_id` bigint NOT NULL,
	`account` varchar(64) NOT NULL,
	`upload_filename` varchar(255) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `uploads_id` PRIMARY KEY(`id`),
	CONSTRAINT `uiq_upload_filename` UNIQUE(`upload_filename`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--> statement-breakpoint
CREATE INDEX `idx_tasks_user` ON `tasks` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `idx_tasks_user_status` ON `tasks` (`user_id`,`status`,`id`);--> statement-breakpoint
CREATE INDEX `idx_tasks_status` ON `tasks` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `idx_ledger_user` ON `token_ledger` (`user_id`,`id`);