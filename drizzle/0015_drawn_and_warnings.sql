ALTER TABLE `tasks` ADD `drawn` json;--> statement-breakpoint
ALTER TABLE `tasks` ADD `warnings` json;