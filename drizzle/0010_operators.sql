ALTER TABLE `token_ledger`
	ADD COLUMN `change_in_total` int DEFAULT 0 NOT NULL,
	ADD COLUMN `actor` varchar(128),
	ADD COLUMN `note` varchar(255),
	DROP KEY `idx_ledger_user`,
	ADD KEY `idx_ledger_user` (`user_id`,`created_at`);
--> statement-breakpoint
CREATE TABLE `token_days` (
	`user_id` bigint NOT NULL,
	`day` date NOT NULL,
	`trigger_type` varchar(32) NOT NULL,
	`reserved` int NOT NULL,
	`spent` int NOT NULL,
	`returned` int NOT NULL,
	CONSTRAINT `token_days_user_id_day_trigger_type_pk` PRIMARY KEY(`user_id`,`day`,`trigger_type`)
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`at` datetime(3) NOT NULL,
	`actor` varchar(128) NOT NULL,
	`action` varchar(64) NOT NULL,
	`target` varchar(64) NOT NULL,
	`detail` json,
	`request_id` varchar(64),
	CONSTRAINT `audit_id` PRIMARY KEY(`id`),
	KEY `idx_audit_target` (`target`,`id`)
);
