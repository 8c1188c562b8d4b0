ALTER TABLE `user_info` ADD `dialect` varchar(16) DEFAULT 'v1' NOT NULL;
--> statement-breakpoint
-- Users of older Python installations, whose clients know the answers of that service only. They are those whose keys
-- the first migration hashed: it left hints of at most six characters, while keys made here have hints of nine.
UPDATE `user_info` SET `dialect` = 'original' WHERE CHAR_LENGTH(`app_key_hint`) <= 6;
