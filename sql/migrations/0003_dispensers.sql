-- migrate:up
CREATE TABLE pyxis.dispensers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (name <> ''),
    ward text NOT NULL CHECK (ward <> ''),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dispensers_name_key UNIQUE (name)
);

CREATE TABLE pyxis.medicines (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dispenser_id uuid NOT NULL REFERENCES pyxis.dispensers (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    lot text NOT NULL,
    expires_on date NOT NULL,
    quantity integer NOT NULL CHECK (quantity >= 0),
    CONSTRAINT medicines_lot_key UNIQUE (dispenser_id, name, lot)
);

CREATE TABLE pyxis.materials (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dispenser_id uuid NOT NULL REFERENCES pyxis.dispensers (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    quantity integer NOT NULL CHECK (quantity >= 0),
    CONSTRAINT materials_name_key UNIQUE (dispenser_id, name)
);

-- migrate:down
DROP TABLE pyxis.materials;
DROP TABLE pyxis.medicines;
DROP TABLE pyxis.dispensers;
