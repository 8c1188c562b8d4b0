CREATE TABLE `workers` (
	`id` varchar(64) NOT NULL,
	`alive_until` datetime(3) NOT NULL,
	CONSTRAINT `workers_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `guild_id` varchar(20);--> statement-breakpoint
ALTER TABLE `accounts` ADD `channel_id` varchar(20);--> statement-breakpoint
ALTER TABLE `accounts` ADD `user_token` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `bot_token` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `session` varchar(8) DEFAULT 'bot' NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `concurrency` int DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `speed` varchar(8);--> statement-breakpoint
ALTER TABLE `accounts` ADD `weight` int DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `enabled` boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `user_info` ADD `priority` int DEFAULT 1 NOT NULL;