-- migrate:up
CREATE SCHEMA clientes;
GRANT USAGE ON SCHEMA clientes TO clientes;
ALTER DEFAULT PRIVILEGES IN SCHEMA clientes GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO clientes;
ALTER DEFAULT PRIVILEGES IN SCHEMA clientes GRANT USAGE, SELECT ON SEQUENCES TO clientes;

CREATE TABLE clientes.TBL_CATEGORIA (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nome text NOT NULL UNIQUE
);
CREATE TABLE clientes.TBL_CLIENTE (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nome text NOT NULL,
    categoria_id integer NOT NULL REFERENCES clientes.TBL_CATEGORIA
);

INSERT INTO clientes.TBL_CATEGORIA (nome) VALUES ('Particular'), ('Convênio');
INSERT INTO clientes.TBL_CLIENTE (nome, categoria_id)
SELECT cliente.nome, categoria.id
FROM (VALUES ('Ana Souza', 'Particular'), ('Bruno Lima', 'Convênio')) AS cliente (nome, categoria)
JOIN clientes.TBL_CATEGORIA AS categoria ON categoria.nome = cliente.categoria;

-- migrate:down
DROP TABLE clientes.TBL_CLIENTE;
DROP TABLE clientes.TBL_CATEGORIA;
DROP SCHEMA clientes;
