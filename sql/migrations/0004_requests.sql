-- migrate:up
-- Users and dispensers belong to other services: their ids are kept here without a foreign key.
CREATE TABLE requests.requests (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    requested_by uuid NOT NULL,
    dispenser_id uuid NOT NULL,
    item_kind text NOT NULL CHECK (item_kind IN ('medicine', 'material')),
    item_id uuid NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'dispensed', 'cancelled')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX requests_open_idx ON requests.requests (dispenser_id, created_at) WHERE status IN ('pending', 'approved');
CREATE INDEX requests_requested_by_idx ON requests.requests (requested_by, created_at);

-- migrate:down
DROP TABLE requests.requests;
