ALTER TABLE `tasks` ADD KEY `idx_tasks_job` (`job_id`);
