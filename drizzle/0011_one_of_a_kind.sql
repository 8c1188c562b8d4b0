ALTER TABLE `tasks`
	ADD COLUMN `exclusive_key` varchar(300),
	ADD COLUMN `interaction_id` varchar(20),
	ADD CONSTRAINT `uiq_tasks_exclusive` UNIQUE(`account`,`exclusive_key`);
