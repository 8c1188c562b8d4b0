CREATE TABLE `notices` (
	`task_id` bigint unsigned NOT NULL,
	`version` int NOT NULL,
	`user_id` bigint NOT NULL,
	`body` mediumtext NOT NULL,
	`state` varchar(16) NOT NULL DEFAULT 'waiting',
	`attempts` int NOT NULL DEFAULT 0,
	`reason` text,
	`created_at` datetime(3) NOT NULL,
	`settled_at` datetime(3),
	CONSTRAINT `notices_task_id_version_pk` PRIMARY KEY(`task_id`,`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--> statement-breakpoint
ALTER TABLE `user_info`
	ADD COLUMN `hook_secret` varchar(64),
	ADD COLUMN `former_hook_secret` varchar(64),
	ADD COLUMN `hook_secret_rotated_at` datetime(3);
--> statement-breakpoint
CREATE INDEX `idx_notices_state` ON `notices` (`state`,`task_id`,`version`);--> statement-breakpoint
CREATE INDEX `idx_notices_settled` ON `notices` (`settled_at`);