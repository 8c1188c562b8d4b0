ALTER TABLE `tasks` ADD `speed` varchar(8);--> statement-breakpoint
ALTER TABLE `tasks` ADD `media_type` varchar(64);--> statement-breakpoint
ALTER TABLE `tasks` ADD `cancel_requested_at` datetime(3);--> statement-breakpoint
CREATE INDEX `idx_tasks_hash` ON `tasks` (`msg_hash`);