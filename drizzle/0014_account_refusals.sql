ALTER TABLE `accounts` ADD `resume_after_block` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `cause` varchar(32);--> statement-breakpoint
ALTER TABLE `accounts` ADD `until` datetime(3);--> statement-breakpoint
ALTER TABLE `accounts` ADD `check_link` text;