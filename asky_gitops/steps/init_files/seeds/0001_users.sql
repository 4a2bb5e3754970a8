-- Sample data for development. It is loaded at every sync, so each row is written once and then left alone.
-- Nobody here has a password: these users cannot log in until one is set.
INSERT INTO auth.users (id, email, display_name, role) VALUES
    ('00000000-0000-4000-8000-000000000001', 'ana@asky.example', 'Ana', 'nurse'),
    ('00000000-0000-4000-8000-000000000002', 'bruno@asky.example', 'Bruno', 'pharmacist'),
    ('00000000-0000-4000-8000-000000000003', 'carla@asky.example', 'Carla', 'administrator')
ON CONFLICT DO NOTHING;
