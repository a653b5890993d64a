-- pt_search, pt_enable_search: without pg_trgm, with it, and with indexes
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP EXTENSION IF EXISTS pg_trgm CASCADE;
DROP SCHEMA IF EXISTS search CASCADE;
CREATE SCHEMA search;
SET search_path = search, public;
SET jit = off;
\set SHOW_CONTEXT never

CREATE TABLE pt_entity (LIKE public.pt_entity INCLUDING ALL);
CREATE TABLE pt_edge (LIKE public.pt_edge INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (from_key, to_key, edge_type));
CREATE INDEX pt_edge_adjacency ON pt_edge USING adjacency (from_key, to_key, edge_type);
SET parseltongue.graph = 'search.pt_edge';
INSERT INTO pt_entity (key, name, entity_type, language, file_path, line_start) VALUES
	('rust:fn:parse:__src_a_rs:1-9', 'parse', 'function', 'rust', 'src/a.rs', 1),
	('rust:fn:parse:__src_b_rs:1-9', 'parse', 'function', 'rust', 'src/b.rs', 1),
	('rust:fn:Parse:__src_b_rs:10-19', 'Parse', 'function', 'rust', 'src/b.rs', 10),
	('rust:fn:parse_config:__src_a_rs:10-19', 'parse_config', 'function', 'rust', 'src/a.rs', 10),
	('rust:fn:parseConfigFile:__src_a_rs:20-29', 'parseConfigFile', 'function', 'rust', 'src/a.rs', 20),
	('rust:fn:do_parse:__src_c_rs:1-9', 'do_parse', 'function', 'rust', 'src/c.rs', 1),
	('rust:fn:run:__src_parse_rs:1-9', 'run', 'function', 'rust', 'src/parse.rs', 1),
	('rust:fn:50%_done:__src_c_rs:10-19', '50%_done', 'function', 'rust', 'src/c.rs', 10),
	('rust:fn:50x_done:__src_c_rs:20-29', '50x_done', 'function', 'rust', 'src/c.rs', 20),
	('rust:fn:back\slash:__src_c_rs:30-39', 'back\slash', 'function', 'rust', 'src/c.rs', 30),
	('rust:fn:parse:unresolved-reference:0-0', 'parse', NULL, 'rust', NULL, NULL),
	('rust:module:Parser:external-dependency-clap:0-0', NULL, 'module', NULL, NULL, NULL),
	('src_lib_rs-new_feature-fn-abc12345', NULL, 'function', NULL, 'src/lib.rs', NULL),
	('main', NULL, NULL, NULL, NULL, NULL),
	('c:fn:größe:src_c:1-2', 'größe', 'function', 'c', 'src.c', 1);
INSERT INTO pt_entity (key, name) VALUES ('long', repeat('long', 300)), ('longer', repeat('long', 300) || 'er');

-- the same questions three times
CREATE TABLE question (id serial, query text, max_results int DEFAULT 20, kinds text[]);
INSERT INTO question (query, max_results, kinds) VALUES
	('parse', 20, NULL), ('PARSE', 20, NULL), (' parse ', 2, NULL), ('parse', 3, NULL), ('parse', 20, '{unresolved,external}'), ('parse', 20, '{}'), ('parse', 0, NULL),
	('parse_c', 20, NULL), ('config', 20, NULL), ('src_parse', 20, NULL), ('pa', 20, NULL), ('p', 3, NULL), ('se', 20, NULL),
	('50%', 20, NULL), ('_done', 20, NULL), ('%', 20, NULL), ('_', 20, NULL), ('back\s', 20, NULL), ('\', 20, NULL),
	('new_feature', 20, NULL), ('Parser', 20, NULL), ('main', 20, NULL), ('mai', 20, NULL),
	('rust:fn:parse:__src_b_rs:1-9', 20, NULL), ('rust:fn:parse:__src_b_rs:1-8', 20, NULL), ('src_lib_rs-new_feature-fn-abc12346', 20, NULL), ('rust:fn:', 3, '{local}'),
	('prase_config', 20, NULL), ('parse_confg', 20, NULL), ('prse', 20, NULL), ('zzzzzz', 20, NULL), ('größ', 20, NULL),
	(repeat('long', 300), 20, NULL), (repeat('LONG', 300), 20, NULL), (repeat('long', 60), 20, NULL), ('nglong', 1, NULL);
CREATE VIEW answer AS
SELECT id, left(query, 40) AS query, q.kinds, row_number() OVER (PARTITION BY id) AS n, left(key, 50) AS key, left(name, 20) AS name, kind, score, match
FROM question AS q, LATERAL pt_search(query, max_results, q.kinds);
CREATE TABLE plain AS SELECT * FROM answer;
SELECT query, coalesce(kinds::text, '') AS kinds, n, key, round(score::numeric, 3) AS score, match FROM plain ORDER BY id, n;
-- all columns; an entity without a name has the one in its key
SELECT * FROM pt_search('new_feature');
SELECT * FROM pt_search('parse_config', graph => 'pt_edge_adjacency');
-- a call is its function; operator() is a name of its own, () none at all
BEGIN;
INSERT INTO pt_entity (key, name) VALUES ('cpp:fn:Key::operator():src:1-2', 'Key::operator()'), ('cpp:fn:operator_of:src:3-4', 'operator_of');
SELECT q, n, key, match FROM unnest('{parse_config(),PARSE(),"  run() ",operator(),(),main()()}'::text[]) WITH ORDINALITY AS q (q, i), LATERAL pt_search(q, 2) WITH ORDINALITY AS s (key, name, kind, entity_type, language, file_path, line_start, score, match, n) ORDER BY i, n;
ROLLBACK;
-- misspelt, one character at a time: the one meant comes first
SELECT left('parse_config', i) || 'x' || substr('parse_config', i + 2) AS misspelt, name, match FROM generate_series(0, 11) AS i, LATERAL pt_search(left('parse_config', i) || 'x' || substr('parse_config', i + 2), 1);
SELECT left('parse_config', i) || substr('parse_config', i + 2) AS misspelt, name FROM generate_series(1, 10) AS i LEFT JOIN LATERAL pt_search(left('parse_config', i) || substr('parse_config', i + 2), 1) ON true WHERE name IS DISTINCT FROM 'parse_config';
SELECT left('parse_config', i) || reverse(substr('parse_config', i + 1, 2)) || substr('parse_config', i + 3) AS misspelt, name FROM generate_series(0, 10) AS i
LEFT JOIN LATERAL pt_search(left('parse_config', i) || reverse(substr('parse_config', i + 1, 2)) || substr('parse_config', i + 3), 1) ON true WHERE name IS DISTINCT FROM 'parse_config';

-- a qualified name, as languages write it, finds what its last part names: in its scope, its file or its key first
CREATE SCHEMA search_qualified;
CREATE TABLE search_qualified.pt_entity (LIKE public.pt_entity INCLUDING ALL);
CREATE TABLE search_qualified.pt_edge (LIKE public.pt_edge INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (from_key, to_key, edge_type));
CREATE INDEX ON search_qualified.pt_edge USING adjacency (from_key, to_key, edge_type);
INSERT INTO search_qualified.pt_entity (key, name, file_path, properties) VALUES
	('js:method:render:src/view.js:1-9', 'render', 'src/view.js', '{"scope": "View"}'), ('js:method:render:src/list.js:1-9', 'render', 'src/list.js', '{"scope": "List"}'), ('js:method:render_all:src/list.js:10-19', 'render_all', 'src/list.js', '{"scope": "List"}'),
	('python:fn:handle:pkg/mod.py:1-9', 'handle', 'pkg/mod.py', '{}'), ('python:fn:handle:other/mod.py:1-9', 'handle', 'other/mod.py', '{}'), ('php:method:find:src/Ns/User.php:3-4', 'find', 'src/Ns/User.php', '{"scope": "Ns\\User"}'), ('php:method:find:src/Ns/Item.php:3-4', NULL, 'src/Ns/Item.php', '{"scope": "Ns\\Item"}'),
	('java:method:close:a/Pool.java:1-2', 'close', 'a/Pool.java', '{"scope": "com.acme.Pool"}'), ('java:method:close:a/File.java:1-2', 'close', 'a/File.java', '{"scope": "com.acme.File"}'), ('ruby:method:save!:app/user.rb:1-2', 'save!', 'app/user.rb', '{"scope": "User"}'), ('swift:method:load(from:):a.swift:1-2', 'load(from:)', 'a.swift', '{"scope": "Store"}');
CREATE VIEW search_qualified.answer AS
SELECT q, n, key, round(score::numeric, 3) AS score, match FROM unnest('{View#render,List#render,module:src/list~List#render(),pkg.mod:handle,other.mod:handle,"\\Ns\\User::find","Ns\\Item::find(1)","Item->find",Item@find,com.acme.File#close(int),com.acme.Pool.close,User#save!,User.save!,Store.load(from:),Store.load,nowhere.close,nowhere.at_all,render#nothing,src/list}'::text[]) WITH ORDINALITY AS u (q, i),
	LATERAL pt_search(q, 3, graph => 'search_qualified.pt_edge') WITH ORDINALITY AS s (key, name, kind, entity_type, language, file_path, line_start, score, match, n) ORDER BY i, n;
TABLE search_qualified.answer;
-- ... and so does one that is given for a key
\set VERBOSITY default
SELECT * FROM pt_blast_radius('List#render', graph => 'search_qualified.pt_edge');
SELECT * FROM pt_blast_radius('python:fn:pkg.mod:handle:pkg/mod.py:5-7', graph => 'search_qualified.pt_edge');

-- bad arguments
SELECT * FROM pt_search(NULL);
SELECT * FROM pt_search('');
SELECT * FROM pt_search('   ');
SELECT * FROM pt_search('a', -1);
SELECT * FROM pt_search('a', kinds => '{local,global}');
SELECT * FROM pt_search('a', kinds => '{local,NULL}');
SELECT count(*) FROM pt_search('parse', NULL);
CREATE TABLE bare (a text, b text);
CREATE INDEX ON bare USING adjacency (a, b);
SELECT * FROM pt_search('a', graph => 'bare');
SELECT * FROM pt_enable_search('bare');

-- a random table, to be searched with and without indexes (seed 0.83)
SELECT setseed(0.83);
INSERT INTO pt_entity (key, name)
SELECT format('c:fn:%s:src_%s_c:%s', name, i % 7, i), nullif(name, 'get_node')
FROM (SELECT i, (ARRAY['get', 'set', 'Get', 'init', 'load', 'store'])[1 + floor(random() ^ 2 * 6)::int] || '_' || (ARRAY['node', 'list', 'tree', 'Node', 'lock'])[1 + floor(random() * 5)::int]
		|| CASE WHEN random() < 0.5 THEN '_' || floor(random() * 90) ELSE '' END AS name FROM generate_series(1, 450) AS i) AS s;
INSERT INTO question (query, max_results)
SELECT query, (ARRAY[5, 20, NULL])[1 + id % 3]
FROM (SELECT row_number() OVER () AS id, query FROM (
	SELECT unnest('{get,get_node,GET_NODE,node,tree_1,lock,g,i,_n,gte_node,get_nde_4,ste_lock,load_list_x,store_tree_77,src_3,fn:get_tree,c:fn:get_tree:src_1_c:9999,config_parse,node_get}'::text[]) AS query
	UNION ALL (SELECT overlay(name PLACING 'q' FROM 1 + (length(name) * 7) % length(name) FOR 1) FROM pt_entity WHERE name ~ '^[a-z]+_[a-z]+_' ORDER BY key COLLATE "C" LIMIT 20)) AS u) AS v;
TRUNCATE plain;
INSERT INTO plain SELECT * FROM answer;
-- without pg_trgm: what a formulation of its own finds
CREATE FUNCTION naive(query text) RETURNS TABLE (key text, match text) LANGUAGE sql AS $$
	WITH e AS (SELECT key, coalesce(name, pt_key_name(key)) AS name, lower(coalesce(name, pt_key_name(key))) AS low FROM pt_entity),
	tier AS (SELECT key, CASE WHEN key = query THEN 'key' WHEN name = query THEN 'name' WHEN low = lower(query) THEN 'name in other case'
							  WHEN left(low, length(query)) = lower(query) THEN 'prefix'
							  WHEN query ~ '[a-zA-Z0-9]{3}' AND position(lower(query) IN low) > 0 THEN 'part' END AS match FROM e)
	SELECT * FROM tier WHERE match IS NOT NULL
	UNION ALL
	SELECT key, 'part of key' FROM tier WHERE NOT EXISTS (SELECT FROM tier WHERE match IS NOT NULL) AND query ~ '[a-zA-Z0-9]{3}' AND position(lower(query) IN lower(key)) > 0
$$;
CREATE FUNCTION difference_to_naive(query text) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM ((SELECT key, match FROM pt_search(query, NULL) EXCEPT ALL SELECT * FROM naive(query))
						  UNION ALL (SELECT * FROM naive(query) EXCEPT ALL SELECT key, match FROM pt_search(query, NULL))) AS d
$$;
SELECT query, (SELECT count(*) FROM pt_search(query, NULL)) AS found, difference_to_naive(query) AS wrong
FROM unnest('{get,get_node,GET_NODE,node,tree_1,lock,g,i,_n,src_3,fn:get_tree,Parse,zzz}'::text[]) AS query;
-- best first, ties by key
SELECT count(*) AS out_of_order FROM (SELECT *, lag(score) OVER w AS score_before, lag(key) OVER w AS key_before FROM plain WINDOW w AS (PARTITION BY id ORDER BY n)) AS p
WHERE score > score_before OR score = score_before AND key COLLATE "C" <= key_before COLLATE "C";

-- with pg_trgm in a schema of its own: similar names, too, and the rest is the same
CREATE SCHEMA trigrams;
CREATE EXTENSION pg_trgm SCHEMA trigrams;
SET pg_trgm.similarity_threshold = 0.9;
CREATE TABLE scanned AS SELECT * FROM answer;
SHOW pg_trgm.similarity_threshold;
SELECT DISTINCT match FROM scanned WHERE id NOT IN (SELECT id FROM plain);
SELECT count(*) AS differences FROM (SELECT id, key, match FROM plain WHERE match <> 'misspelt' EXCEPT SELECT id, key, match FROM scanned) AS d;
SELECT count(*) AS wrong FROM unnest('{get,get_node,GET_NODE,node,g,src_3}'::text[]) AS query WHERE difference_to_naive(query) > 0;
SELECT name, round(score::numeric, 3) AS score, match FROM pt_search('config_parse');

-- with indexes: the same answers, and the indexes are used
SELECT pt_enable_search();
SELECT pt_enable_search('pt_edge_adjacency');
BEGIN;
CREATE TABLE indexed AS SELECT * FROM answer;
SELECT relname, pg_stat_get_xact_numscans(oid) > 10 AS used FROM pg_class WHERE relname LIKE 'pt_entity_search%' ORDER BY 1;
COMMIT;
SELECT count(*) > 300 AS answers FROM indexed;
(TABLE scanned EXCEPT ALL TABLE indexed) UNION ALL (TABLE indexed EXCEPT ALL TABLE scanned);
SELECT count(*) AS wrong FROM unnest('{get,get_node,GET_NODE,node,g,src_3}'::text[]) AS query WHERE difference_to_naive(query) > 0;
CREATE TABLE search_qualified.scanned AS TABLE search_qualified.answer;
SELECT pt_enable_search('search_qualified.pt_edge');
(TABLE search_qualified.scanned EXCEPT ALL TABLE search_qualified.answer) UNION ALL (TABLE search_qualified.answer EXCEPT ALL TABLE search_qualified.scanned);
SELECT count(*) FROM search_qualified.scanned WHERE match = 'qualified';
SELECT key FROM _parseltongue.pt_search_qualified('User::find', 'search_qualified.pt_entity', 'search_qualified.pt_entity', ' AND e.file_path IS NOT NULL', 1);
SELECT count(*) FROM _parseltongue.pt_search_qualified('find', 'search_qualified.pt_entity', 'search_qualified.pt_entity', '', NULL);
DROP SCHEMA search_qualified CASCADE;
-- names longer than what an index has of them
INSERT INTO pt_entity (key, name) VALUES ('wide 1', repeat('w', 5000)), ('wide 2', repeat('w', 5000) || 'x'), ('wide 3', repeat('W', 5000));
SELECT key, match FROM pt_search(repeat('w', 5000));
SELECT key, match FROM pt_search(repeat('w', 4999), 1);
SELECT key, match FROM pt_search('wide 2');

-- matches by the thousands: candidates are a few pages of the table, or if these
-- have too few, all
CREATE SCHEMA search_many;
CREATE TABLE search_many.pt_entity (LIKE public.pt_entity INCLUDING ALL) WITH (autovacuum_enabled = off);
CREATE TABLE search_many.pt_edge (LIKE public.pt_edge INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (from_key, to_key, edge_type));
CREATE INDEX ON search_many.pt_edge USING adjacency (from_key, to_key, edge_type);
INSERT INTO search_many.pt_entity (key, name)
SELECT format('c:fn:%s_%s:drivers/net/%s:%s-%s', w, i, i % 50, i, i), CASE WHEN i <= 12000 THEN format('%s_%s', w, i) END
FROM generate_series(1, 12002) AS i, LATERAL (SELECT (ARRAY['aprobe', 'bprobe', 'cprobe'])[1 + i % 3]) AS v (w);
SELECT pt_enable_search('search_many.pt_edge');
SELECT _parseltongue.pt_search_share('search_many.pt_entity', 'key', '%drivers/net/%', NULL, 500) < 100 AS of_keys,
	_parseltongue.pt_search_share('search_many.pt_entity', 'key', '%drivers/net/7:%', NULL, 500) AS of_few,
	_parseltongue.pt_search_share('search_many.pt_entity', 'key', '%drivers/net/%', NULL, 12000) AS of_all;
SELECT query, max_results, match, count(*), count(DISTINCT key) = count(*) AS distinct, min(score) > 0 AS scored
FROM (VALUES ('drivers/net', 20), ('drivers/net', 700), ('drivers/net', NULL), ('probe', 20), ('probe', 13000), ('net/7:', 20), ('net/7:', NULL), ('net/drivers', 20)) AS v (query, max_results),
	LATERAL pt_search(query, max_results, graph => 'search_many.pt_edge') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
-- they were all there, and are gone again: pages without enough of them
DELETE FROM search_many.pt_entity WHERE key NOT LIKE '%net/7:%';
SELECT match, count(*) FROM pt_search('drivers/net', graph => 'search_many.pt_edge') GROUP BY 1;
SELECT count(*) FROM pt_search('drivers/net', NULL, graph => 'search_many.pt_edge');
DROP SCHEMA search_many CASCADE;
-- the pieces
SELECT query, t.* FROM unnest('{get_node,  Get,50%_d\,rust:fn:parse_c:__src_a_rs:10-19,_sogpm,abcdefghijklmnopqrstuvwxyz,abc______________________________}'::text[]) AS query, _parseltongue.pt_search_terms(query) AS t;
SELECT query, (SELECT array_agg(match) FROM _parseltongue.pt_search_tiers(_parseltongue.pt_search_terms(query), NULL, 1)) AS first, (SELECT array_agg(match) FROM _parseltongue.pt_search_tiers(_parseltongue.pt_search_terms(query), 'trigrams', 4)) AS last,
	(SELECT count(*) FROM _parseltongue.pt_search_steps(_parseltongue.pt_search_terms(query), NULL, 1, false)) AS scans
FROM unnest('{get,ge,50%}'::text[]) AS query;
SELECT _parseltongue.pt_search_literal('50%_\'), _parseltongue.pt_search_means('pt_entity'), _parseltongue.pt_search_check('get', NULL, '{}');
BEGIN;
SELECT _parseltongue.pt_search_threshold('trigrams', 'a_long_name_with_many_words');
SHOW pg_trgm.similarity_threshold;
COMMIT;
-- what they are given is quoted: it is no SQL
\set VERBOSITY terse
SELECT _parseltongue.pt_search_threshold('trigrams.show_trgm($1)) AS n (t) WHERE 1 / 0 = 1 --', 'x');
\set VERBOSITY default
SELECT coalesce(_parseltongue.pt_search_share('pt_entity', 'name) OR 1 / 0 = 1 --', '%', NULL, 1), 1) > 0 AS common,
	coalesce(_parseltongue.pt_search_share('pt_entity', 'name', '%'' OR 1 / 0 = 1 --', NULL, 1), 1) > 0 AS pattern,
	coalesce(_parseltongue.pt_search_share('pt_entity', 'key', '%', ARRAY['local'') OR 1 / 0 = 1 --', 'a"b\'], 1), 1) > 0 AS kinds;
SELECT key FROM pt_search('x'' OR 1 / 0 = 1 --', 5, '{local}');
-- pg_trgm in a schema whose name is anything
CREATE TEMP TABLE found AS SELECT q, s.* FROM unnest('{get_node,parse_confg,gte_node,node_of_get,src_a,rust:fn:parse_c:__src_a_rs:10-19}'::text[]) AS q, pt_search(q) AS s;
SELECT count(DISTINCT match) FROM found;
DO $do$ BEGIN
	EXECUTE format('CREATE SCHEMA %I', 'it''s @name, @folded "%s"; $1');
	EXECUTE format('ALTER EXTENSION pg_trgm SET SCHEMA %I', 'it''s @name, @folded "%s"; $1');
END $do$;
(SELECT q, s.* FROM unnest('{get_node,parse_confg,gte_node,node_of_get,src_a,rust:fn:parse_c:__src_a_rs:10-19}'::text[]) AS q, pt_search(q) AS s EXCEPT SELECT * FROM found)
UNION ALL
(SELECT * FROM found EXCEPT SELECT q, s.* FROM unnest('{get_node,parse_confg,gte_node,node_of_get,src_a,rust:fn:parse_c:__src_a_rs:10-19}'::text[]) AS q, pt_search(q) AS s);
ALTER EXTENSION pg_trgm SET SCHEMA trigrams;
DO $do$ BEGIN EXECUTE format('DROP SCHEMA %I', 'it''s @name, @folded "%s"; $1'); END $do$;
DROP TABLE found;

-- the caller's search_path is not followed
CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS $$ SELECT 'shadow' $$;
CREATE FUNCTION shadow(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = shadow);
SET search_path = search, pg_catalog, public;
SELECT key, match FROM pt_search('parse_config');
SET search_path = search, public;
DROP OPERATOR search.= (text, text);
DROP FUNCTION search.lower(text);

-- grants and policies are the caller's
CREATE ROLE pt_search_reader;
GRANT USAGE ON SCHEMA search TO pt_search_reader;
SET ROLE pt_search_reader;
\set VERBOSITY sqlstate
SELECT key FROM pt_search('parse');
RESET ROLE;
GRANT SELECT ON pt_entity TO pt_search_reader;
SET ROLE pt_search_reader;
SELECT key FROM pt_search('parse_config');
SELECT DISTINCT match FROM pt_search('config_parse');
SELECT pt_enable_search();
RESET ROLE;
GRANT USAGE ON SCHEMA trigrams TO pt_search_reader;
SET ROLE pt_search_reader;
SELECT DISTINCT match FROM pt_search('config_parse');
RESET ROLE;
ALTER TABLE pt_entity ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_file ON pt_entity USING (file_path = 'src/b.rs');
SET ROLE pt_search_reader;
SELECT key, match FROM pt_search('parse');
RESET ROLE;
ALTER TABLE pt_entity DISABLE ROW LEVEL SECURITY;

SELECT * FROM pt_search(repeat('long', 3000));
-- an unknown key's hint is a search, where that is quick
\set VERBOSITY default
SELECT * FROM pt_blast_radius('rust:fn:parse_confg:src/nowhere.rs:1-2', graph => 'search.pt_edge');
\set VERBOSITY sqlstate

-- something in the way; an index gone
DROP INDEX pt_entity_search_name;
SELECT key, match FROM pt_search('parse_config');
CREATE VIEW pt_entity_search_name AS SELECT 1;
SELECT pt_enable_search();
\set VERBOSITY default
DROP VIEW pt_entity_search_name;
SELECT pt_enable_search();

-- the extension's own table
RESET parseltongue.graph;
SELECT * FROM pt_enable_search();
SELECT count(*) FROM pt_search('search_nobody');
DROP INDEX public.pt_entity_search_name, public.pt_entity_search_trigram;
DROP EXTENSION pg_trgm CASCADE;
SELECT count(*) FROM pt_search('parse', graph => 'search.pt_edge');
DROP OWNED BY pt_search_reader;
DROP ROLE pt_search_reader;
DROP SCHEMA search, trigrams CASCADE;
