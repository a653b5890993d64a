-- pt_prewarm: what it says, of what, to whom.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_prewarm;
SET search_path = pt_prewarm, public;
CREATE TABLE link (a integer, b integer);
INSERT INTO link SELECT i, i / 2 FROM generate_series(1, 1000) AS i;
CREATE INDEX link_adjacency ON link USING adjacency (a, b);
CREATE FUNCTION warm(graph regclass) RETURNS TABLE (index regclass, nodes bigint, edges bigint, has_bytes boolean, has_place boolean, origin text, took boolean) LANGUAGE sql AS $$
	SELECT index, nodes, edges, image_bytes > 24 * edges, image_place IN ('shared', 'local'), image_origin, elapsed >= '0' FROM pt_prewarm(graph) $$;

SELECT * FROM warm('link');
SELECT * FROM warm('link_adjacency');
-- no walk of its own, and the next one has nothing to build
SELECT index FROM pt_last_walk();
SELECT count(*) FROM pt_bfs('link', 1000);
SELECT image_origin FROM pt_last_walk();
-- it is caught up, and merged where that is due
INSERT INTO link VALUES (0, 2000), (NULL, 3000);
SELECT * FROM warm('link');
INSERT INTO link SELECT i, i / 2 FROM generate_series(3001, 30000) AS i;
SELECT * FROM warm('link');
SELECT overlay_edges FROM pt_graph_status('link');
WITH RECURSIVE r (n) AS (SELECT 30000 UNION SELECT b FROM r JOIN link ON a = n)
	SELECT count(*) = (SELECT count(*) FROM pt_bfs('link', 30000)) AS agree FROM r;
-- the default graph; in a transaction that has written, that rolls back
SET parseltongue.graph = 'pt_prewarm.link';
BEGIN;
INSERT INTO link VALUES (5000000, 1);
SELECT index, edges FROM pt_prewarm();
ROLLBACK;
SELECT index, edges FROM pt_prewarm(NULL);
RESET parseltongue.graph;
-- temporary tables have images of the session's own
CREATE TEMP TABLE mine AS SELECT 1 AS a, 2 AS b;
CREATE INDEX mine_adjacency ON mine USING adjacency (a, b);
SELECT index, nodes, image_place, image_origin FROM pt_prewarm('mine');

-- there is nothing to warm where queries are asked
CREATE VIEW seen AS SELECT a, b FROM link;
SELECT index, nodes, edges, image_bytes, image_place, image_origin FROM pt_prewarm('seen');
-- errors as of a walk
CREATE MATERIALIZED VIEW kept AS SELECT a, b FROM link WITH NO DATA;
CREATE INDEX kept_adjacency ON kept USING adjacency (a, b);
\set VERBOSITY sqlstate
SELECT pt_prewarm('kept');
SELECT pt_prewarm(4294967295::oid);
SELECT pt_prewarm('pg_class');
SET parseltongue.local_image_memory = '128kB';
CREATE TABLE large AS SELECT i AS a, i + 1 AS b FROM generate_series(1, 20000) AS i;
CREATE INDEX large_adjacency ON large USING adjacency (a, b);
SELECT pt_prewarm('large');
RESET parseltongue.local_image_memory;
-- who may walk may
CREATE ROLE regress_pt_warm;
GRANT USAGE ON SCHEMA pt_prewarm TO regress_pt_warm;
SET ROLE regress_pt_warm;
SELECT pt_prewarm('link');
RESET ROLE;
GRANT SELECT (a, b) ON link TO regress_pt_warm;
SET ROLE regress_pt_warm;
SELECT nodes > 0 AS warm FROM pt_prewarm('link');
RESET ROLE;
ALTER TABLE link ENABLE ROW LEVEL SECURITY;
SET ROLE regress_pt_warm;
SELECT index, nodes, image_place FROM pt_prewarm('link');
RESET ROLE;
DROP SCHEMA pt_prewarm CASCADE;
DROP ROLE regress_pt_warm;
