CREATE TABLE `accounts` (
	`name` varchar(64) NOT NULL,
	`state` varchar(32) NOT NULL DEFAULT 'connecting',
	`reason` text,
	`since` datetime(3) NOT NULL,
	`driver` varchar(64),
	`fence` bigint NOT NULL DEFAULT 0,
	`lease_until` datetime(3),
	CONSTRAINT `accounts_name` PRIMARY KEY(`name`)
);
--> statement-breakpoint
ALTER TABLE `tasks` ADD `late_result` json;