CREATE TABLE `idempotency_keys` (
	`user_id` bigint NOT NULL,
	`key_hash` char(64) NOT NULL,
	`request_hash` char(64) NOT NULL,
	`task_id` bigint unsigned NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `idempotency_keys_user_id_key_hash_pk` PRIMARY KEY(`user_id`,`key_hash`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--> statement-breakpoint
CREATE INDEX `idx_idempotency_created` ON `idempotency_keys` (`created_at`);