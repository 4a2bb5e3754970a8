-- migrate:up
CREATE TABLE auth.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL CHECK (email = lower(email) AND position('@' IN email) > 1),
    display_name text NOT NULL CHECK (display_name <> ''),
    role text NOT NULL DEFAULT 'nurse' CHECK (role IN ('nurse', 'pharmacist', 'administrator')),
    password_hash text CHECK (password_hash LIKE '$argon2id$%'),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT users_email_key UNIQUE (email)
);

COMMENT ON COLUMN auth.users.password_hash IS 'Argon2id, never a password; NULL cannot log in';

-- migrate:down
DROP TABLE auth.users;
