--
-- pt_last_walk: what the last walk did, and how it was told of visible rows.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_last;
SET search_path = pt_last, public;
-- another session: no walk yet
\c -
SET client_min_messages = warning;
SET search_path = pt_last, public;
SELECT index IS NULL AS none FROM pt_last_walk();

-- 300 nodes in a line, 200 rows a page
CREATE TABLE line (a integer, b integer, w integer) WITH (autovacuum_enabled = off);
CREATE INDEX line_adj ON line USING adjacency (a, b);
INSERT INTO line SELECT i, i + 1 FROM generate_series(1, 299) i;
CREATE VIEW last AS SELECT index, image_origin, levels, nodes, edges, pages_judged, by_map > 0 AS map, by_proof > 0 AS proof,
	by_looking > 0 AS looking, by_fetching > 0 AS fetching, by_map + by_proof + by_looking + by_fetching AS asked FROM pt_last_walk();

-- the first walk builds the image, fetches, then judges both pages
SELECT count(*) FROM pt_bfs('line', 1);
SELECT * FROM last;
SELECT memory_bytes > 0 AS memory, image_place IN ('shared', 'local') AS place FROM pt_last_walk();
-- the next goes by what was found
SELECT count(*) FROM pt_bfs('line', 1);
SELECT * FROM last;
-- a small one
SELECT count(*) FROM pt_bfs('line', 1, 2);
SELECT * FROM last;
-- VACUUM: the map
VACUUM line;
SELECT count(*) FROM pt_bfs('line', 1);
SELECT * FROM last;
-- one row of a page: the others are not fetched one by one
DELETE FROM line WHERE a = 250;
SELECT count(*) FROM pt_bfs('line', 1);
SELECT * FROM last;
-- and what comes behind the row that is gone
SELECT count(*) FROM pt_bfs('line', 251);
SELECT * FROM last;
UPDATE line SET w = 1 WHERE a % 50 = 0;
SELECT count(*) FROM pt_bfs('line', 300, NULL, 'in');
SELECT * FROM last;
SELECT count(*) FROM pt_bfs('line', 300, NULL, 'in');
SELECT * FROM last;

-- not counted: calls that fail, and pt_graph_status
SELECT count(*) FROM pt_bfs('line', 100000);
SELECT nodes FROM pt_graph_status('line');
SELECT levels, nodes FROM last;

-- another role's
CREATE ROLE regress_pt_last;
SET ROLE regress_pt_last;
SELECT index IS NULL AS none FROM public.pt_last_walk();
RESET ROLE;
DROP ROLE regress_pt_last;
SELECT index FROM pt_last_walk();

-- where the session may not remember all pages, the others' rows are fetched, and nothing fails
CREATE TABLE wide (a integer, b integer, pad text) WITH (autovacuum_enabled = off);
CREATE INDEX wide_adj ON wide USING adjacency (a, b);
INSERT INTO wide SELECT 1, 2, repeat('x', 1900) FROM generate_series(1, 8000) i;
DELETE FROM wide WHERE (ctid::text::point)[1] = 2;
SET parseltongue.local_image_memory = '512 kB';
SELECT count(*) FROM pt_callees('1', graph => 'wide');
SELECT pages_judged BETWEEN 500 AND 1900 AS some, by_fetching > 4000 AS fetching FROM pt_last_walk();
RESET parseltongue.local_image_memory;
SELECT count(*) FROM pt_callees('1', graph => 'wide');
SELECT pages_judged BETWEEN 100 AND 1900 AS the_others, by_proof > 1500 AS proof FROM pt_last_walk();

-- temporary and unlogged tables: pages are judged in each walk anew
CREATE TEMP TABLE mine AS SELECT a, b FROM line;
CREATE INDEX ON mine USING adjacency (a, b);
SELECT count(*) FROM pt_bfs('mine', 1);
SELECT count(*) FROM pt_bfs('mine', 1);
SELECT looking, proof FROM last;

-- rows of the session's own transaction
BEGIN;
CREATE TABLE own AS SELECT a, b FROM line;
CREATE INDEX ON own USING adjacency (a, b);
SELECT count(*) FROM pt_bfs('own', 1);
SELECT count(*) FROM pt_bfs('own', 1);
SAVEPOINT s;
DELETE FROM own WHERE a = 100;
SELECT count(*) FROM pt_bfs('own', 1);
ROLLBACK TO s;
SELECT count(*) FROM pt_bfs('own', 1);
SELECT proof, looking FROM last;
COMMIT;
SELECT count(*) FROM pt_bfs('own', 1);
DROP SCHEMA pt_last CASCADE;
