CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
    created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR,
    text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR,
    likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL, notification INTEGER NOT NULL DEFAULT 0);
INSERT INTO threads VALUES (1, '/2026/pont-liberation/', 'Le pont de la Libération ferme');
INSERT INTO threads VALUES (2, '/2026/budget/', 'Budget : la ville emprunte');
INSERT INTO comments VALUES (1, 1, NULL, 1772438462.5, NULL, 1, '203.0.113.0', 'Par où passer ?
Le détour fait *12 km* : <https://www.mairie.example/plan>', 'Anaïs', 'anais@lecteur.example', NULL, 3, 1, x'00', 0);
INSERT INTO comments VALUES (1, 2, 1, 1772442900.0, NULL, 1, '203.0.113.0', 'Par le nord.', 'Bruno', NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (1, 3, 99, 1772446500.0, NULL, 1, '203.0.113.0', 'Je réponds à qui ?', NULL, NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (2, 4, NULL, 1772539200.0, NULL, 2, '203.0.113.0', 'En attente.', 'Émile', NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (2, 5, NULL, 1772539300.0, NULL, 4, '203.0.113.0', '', NULL, NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (2, 6, NULL, 1772539400.0, NULL, 7, '203.0.113.0', 'Un état inconnu.', 'Farid', NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (9, 7, NULL, 1772539500.0, NULL, 1, '203.0.113.0', 'Sans article.', 'Gaëlle', NULL, NULL, 0, 0, x'00', 0);
