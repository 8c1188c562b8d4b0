CREATE TABLE `windows` (
	`id` bigint unsigned NOT NULL,
	`user_id` bigint NOT NULL,
	`parent_id` bigint unsigned NOT NULL,
	`action` json NOT NULL,
	`prompt` text NOT NULL,
	`speed` varchar(8),
	`account` varchar(64),
	`state` varchar(1024),
	`notify_hook` text,
	`created_at` datetime(3) NOT NULL,
	`cancelled_at` datetime(3),
	CONSTRAINT `windows_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `tasks` ADD `hook_dialect` varchar(8) DEFAULT 'v1' NOT NULL;--> statement-breakpoint
CREATE INDEX `idx_windows_user` ON `windows` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `idx_windows_created` ON `windows` (`created_at`);