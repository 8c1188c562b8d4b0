ALTER TABLE `tasks`
	ADD COLUMN `image_file` varchar(64),
	ADD COLUMN `image_copy` varchar(16);
--> statement-breakpoint
CREATE INDEX `idx_tasks_image_copy` ON `tasks` (`image_copy`,`id`);
