-- migrate:up
CREATE SCHEMA auth;
-- migrate:down
DROP SCHEMA auth;
