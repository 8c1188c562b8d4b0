ALTER TABLE `uploads`
	ADD COLUMN `upload_url` text NOT NULL;
