-- A schema for each service, and rights on it for that service's login role alone. The roles exist already:
-- the cluster makes them and their passwords, and no password is ever in a migration.

-- migrate:up
CREATE SCHEMA auth;
CREATE SCHEMA pyxis;
CREATE SCHEMA requests;

GRANT USAGE ON SCHEMA auth TO auth;
GRANT USAGE ON SCHEMA pyxis TO pyxis;
GRANT USAGE ON SCHEMA requests TO requests;

-- Tables and sequences of later migrations, which the same role creates.
ALTER DEFAULT PRIVILEGES IN SCHEMA auth GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO auth;
ALTER DEFAULT PRIVILEGES IN SCHEMA auth GRANT USAGE, SELECT ON SEQUENCES TO auth;
ALTER DEFAULT PRIVILEGES IN SCHEMA pyxis GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pyxis;
ALTER DEFAULT PRIVILEGES IN SCHEMA pyxis GRANT USAGE, SELECT ON SEQUENCES TO pyxis;
ALTER DEFAULT PRIVILEGES IN SCHEMA requests GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO requests;
ALTER DEFAULT PRIVILEGES IN SCHEMA requests GRANT USAGE, SELECT ON SEQUENCES TO requests;

-- migrate:down
-- Without CASCADE: a table that a later migration forgot to drop stops this. Default privileges go with the schema.
DROP SCHEMA requests;
DROP SCHEMA pyxis;
DROP SCHEMA auth;
