CREATE TABLE `drift` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`kind` varchar(32) NOT NULL,
	`shape` varchar(255) NOT NULL,
	`count` int NOT NULL,
	`first_seen` datetime(3) NOT NULL,
	`last_seen` datetime(3) NOT NULL,
	`sample` json NOT NULL,
	CONSTRAINT `drift_id` PRIMARY KEY(`id`),
	CONSTRAINT `uiq_drift_shape` UNIQUE(`kind`,`shape`)
);
--> statement-breakpoint
ALTER TABLE `tasks` ADD `retry_at` datetime(3);--> statement-breakpoint
ALTER TABLE `tasks` ADD `postponed_at` datetime(3);--> statement-breakpoint
CREATE INDEX `idx_drift_seen` ON `drift` (`kind`,`last_seen`);