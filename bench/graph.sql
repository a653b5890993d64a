-- A code-like graph from a seed: 60 % of the edges go to a neighbour, the rest
-- to hubs. Variables: table, nodes, edges.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SELECT setseed(0.42) \g /dev/null
DROP TABLE IF EXISTS :table;
CREATE TABLE :table (a bigint NOT NULL, b bigint NOT NULL);
INSERT INTO :table
SELECT s, CASE WHEN random() < 0.6
	THEN greatest(0, least(:nodes - 1, s + (random() * 100 - 50)::int))
	ELSE floor(:nodes * power(random(), 4))::bigint END
FROM (SELECT i * :nodes::bigint / :edges AS s FROM generate_series(0, :edges - 1) AS i) AS x;
CREATE INDEX ON :table USING adjacency (a, b);
CREATE INDEX ON :table (a, b);
CREATE INDEX ON :table (b, a);
VACUUM (ANALYZE, FREEZE) :table;
