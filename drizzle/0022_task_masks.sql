CREATE TABLE `task_masks` (
	`task_id` bigint unsigned NOT NULL,
	`bytes` mediumblob NOT NULL,
	CONSTRAINT `task_masks_task_id` PRIMARY KEY(`task_id`)
);
