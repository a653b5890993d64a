--
-- pt_resolve_references: golden results for each rule, a second implementation
-- of the rules over random codebases, and what calls leave alone.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_resolve;
SET search_path = pt_resolve, public;
SET jit = off;
TRUNCATE pt_entity, pt_edge;
LOAD 'parseltongue';

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT hint text)
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS n = ROW_COUNT;
	state := 'ok';
	message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	hint := nullif(hint, '');
END $$;

SELECT pt_create_codebase('pt_gold');
SET parseltongue.graph = 'pt_gold.pt_edge';
CREATE VIEW guesses AS SELECT from_key, reference_key, to_key, edge_type, confidence, method FROM pt_gold.pt_edge WHERE reference_key IS NOT NULL;
-- A case: a source, what it refers to, and entities as "key|type|file".
CREATE FUNCTION given(source text, reference text, VARIADIC entities text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE pt_gold.pt_entity, pt_gold.pt_edge;
	INSERT INTO pt_gold.pt_edge (from_key, to_key, edge_type, source_location) SELECT source, split_part(r, '|', 1), coalesce(nullif(split_part(r, '|', 2), ''), 'Calls'), 'at:' || i FROM unnest(string_to_array(reference, ' & ')) WITH ORDINALITY r (r, i);
	INSERT INTO pt_gold.pt_entity (key, entity_type, file_path, properties)
		SELECT split_part(e, '|', 1), nullif(split_part(e, '|', 2), ''), nullif(split_part(e, '|', 3), ''), CASE WHEN e LIKE '%|static' THEN '{"linkage": "static"}' ELSE '{}' END::jsonb FROM unnest(entities) e;
END $$;
CREATE FUNCTION resolve(source text, reference text, VARIADIC entities text[]) RETURNS TABLE (to_key text, edge_type text, confidence numeric, method text, source_location text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	PERFORM given(source, reference, VARIADIC entities);
	PERFORM pt_resolve_references();
	RETURN QUERY SELECT to_key, edge_type, confidence::numeric, method, source_location FROM pt_gold.pt_edge WHERE reference_key IS NOT NULL ORDER BY edge_type COLLATE "C", confidence DESC, to_key COLLATE "C";
END $$;

-- ---------------------------------------------------------------------------
-- By hand: each method.
-- ---------------------------------------------------------------------------
-- file
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:parse:unresolved-reference:0-0', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:parse:./src/a.rs:10-19|function|./src/a.rs', 'rust:fn:parse:./src/b.rs:1-2|function|./src/b.rs');
-- import: the module by the name of its file, of its folder, and of the folder of mod.rs; each other way stays possible
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:send:unresolved-reference:0-0 & rust:module:crate::client:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:send:1|fn|net/client.rs', 'rust:fn:send:2|fn|src/server.rs');
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:send:unresolved-reference:0-0 & rust:module:net::Client:external-dependency-x:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:send:1|fn|lib/net/other.rs', 'rust:fn:send:2|fn|src/server.rs');
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:send:unresolved-reference:0-0 & rust:module:net:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:send:1|fn|lib/net/mod.rs', 'rust:fn:send:2|fn|src/net/x/server.rs', 'rust:fn:send:3|fn|mod.rs');
-- an edge that is no Uses imports nothing; std, self and the like are no modules
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:send:unresolved-reference:0-0 & rust:module:client:0-0|Calls & rust:module:crate::self::super::std::core::alloc:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:send:1|fn|net/client.rs', 'rust:fn:send:2|fn|std/core.rs');
-- qualified: by the name of the file, by the folder, by the way of other languages
SELECT r.* FROM unnest(ARRAY['rust:fn:client::send', 'rust:fn:crate::net::send', 'rust:fn:client.send', 'rust:fn:net/send', 'rust:fn:x->send', 'rust:fn:a::b::server::send']) WITH ORDINALITY k (k, i),
	LATERAL resolve('rust:fn:main:./src/a.rs:1-9', k || ':unresolved-reference:0-0', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:send:1|fn|net/client.rs', 'rust:fn:send:2|fn|lib/server.rs') r ORDER BY i, confidence DESC, to_key COLLATE "C";
-- folder: in it or below
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|src/app/b.rs', 'rust:fn:draw:2|fn|src/app/sub/c.rs', 'rust:fn:draw:3|fn|src/d.rs', 'rust:fn:draw:4|fn|src/app2/e.rs');
-- unique
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|lib/ui/b.rs', 'rust:fn:drawn:2|fn|lib/ui/b.rs');
-- nearest: the deepest common folder, and the root, where all share
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|src/b.rs', 'rust:fn:draw:2|fn|src/x/y/c.rs', 'rust:fn:draw:3|fn|lib/d.rs');
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|b.rs', 'rust:fn:draw:2|fn|x/c.rs', 'rust:fn:draw:3|fn|lib/d.rs');
-- a file in the root has no folder to share
SELECT * FROM resolve('rust:fn:main:./a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./a.rs:1-9|function|./a.rs', 'rust:fn:draw:1|fn|b.rs', 'rust:fn:draw:2|fn|x/c.rs');
-- self, and others of the name elsewhere; another one in the file goes before it
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs');
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:walk:./src/b.rs:1-9|function|./src/b.rs');
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs', 'rust:method:walk:./src/a.rs:20-29|method|./src/a.rs');
-- itself, if all that is beside it is a type; the others share the other half
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs', 'rust:struct:walk:./src/a.rs:20-29|struct|./src/a.rs', 'rust:fn:walk:./src/b.rs:1-9|function|./src/b.rs');
-- a source that is no entity is one, whatever its key says
SELECT * FROM resolve('rust:fn:main:__src_a_rs:1-9', 'rust:fn:parse:unresolved-reference:0-0 & rust:fn:main:unknown:0-0', 'rust:fn:parse:1|fn|src/a.rs', 'rust:fn:parse:2|fn|src/b.rs');
SELECT * FROM resolve('src_lib_rs-new_feature-fn-abc12345', 'rust:fn:parse:unresolved-reference:0-0', 'rust:fn:parse:1|fn|src/lib.rs', 'rust:fn:parse:2|fn|src/b.rs');
SELECT * FROM resolve('main', 'rust:fn:parse:unresolved-reference:0-0', 'rust:fn:parse:1|fn|src/lib.rs');
-- three spellings of one path
SELECT s AS source, r.to_key, r.confidence, r.method FROM unnest(ARRAY['rust:fn:main:./src/x/a.rs:1-9', 'rust:fn:main:src/x/a.rs:1-9', 'rust:fn:main:__src_x_a_rs:1-9', 'rust:fn:main:__src_x_a_rs:T1706284800', '__src_x_a_rs-main-fn-abc12345']) WITH ORDINALITY s (s, i),
	LATERAL resolve(s, 'rust:fn:parse:unknown:0-0', 'rust:fn:parse:./src/x/a.rs:20-21|fn', 'rust:fn:parse:1|fn|src/x/a.rs', 'rust:fn:parse:__src_x_a_rs:30-31|fn|', 'rust:fn:parse:2|fn|src/x/b.rs') r ORDER BY i, confidence DESC, to_key COLLATE "C";

-- what is called: a function, method, macro; a type if none is there, as its constructor
SELECT w AS wanted, r.* FROM unnest(ARRAY['rust:fn:Thing', 'rust:method:Thing', 'rust:macro:Thing', 'rust:struct:Thing', 'rust:module:Thing', 'rust:const:Thing']) WITH ORDINALITY w (w, i),
	LATERAL resolve('rust:fn:main:./src/a.rs:1-9', w || ':unknown:0-0', 'rust:fn:Thing:1|function|lib/1.rs', 'rust:method:Thing:2|method|lib/2.rs', 'rust:struct:Thing:3|struct|lib/3.rs', 'rust:mod:Thing:4|mod|lib/4.rs', 'rust:const:Thing:5|constant|lib/5.rs', 'rust:impl:Thing:6|impl|lib/6.rs', 'rust:file:Thing:7|file|lib/7.rs') r ORDER BY i, confidence DESC, to_key COLLATE "C";
SELECT r.* FROM resolve('java:method:main:src/A.java:1-9', 'java:fn:Thing:unresolved-reference:0-0', 'java:class:Thing:1|class|lib/Thing.java', 'java:impl:Thing:2|impl|lib/Thing.java') r;
SELECT r.* FROM resolve('java:method:main:src/A.java:1-9', 'java:fn:Thing:unresolved-reference:0-0', 'java:class:Thing:1|class|src/Thing.java', 'java:fn:Thing:2|fn|lib/b.java') r;	-- the nearer type
-- Implements wants a type, an import anything
SELECT r.* FROM resolve('rust:impl:Thing:./src/a.rs:1-9', 'rust:fn:Draw:unknown:0-0|Implements & rust:module:Draw:0-0|Uses', 'rust:trait:Draw:1|trait|lib/1.rs', 'rust:fn:Draw:2|fn|lib/2.rs') r;
-- languages are kept apart; a missing one is none
SELECT r.* FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:parse:unknown:0-0 & python:fn:parse:unknown:0-0 & go:fn:parse:unknown:0-0', 'rust:fn:parse:1|fn|src/a.rs', 'python:fn:parse:2|fn|src/a.py', 'c:fn:parse:3|fn|src/a.rs') r;
-- names in the two forms they come in
SELECT w AS wanted, r.* FROM unnest(ARRAY['cs:fn:List<string>', 'cs:fn:List__lt__string__gt__', 'cs:fn:Map<string, int>', 'cs:fn:System.List<string>']) WITH ORDINALITY w (w, i),
	LATERAL resolve('cs:fn:main:./src/a.cs:1-9', w || ':unknown:0-0', 'cs:class:List__lt__string__gt__:1|class|lib/1.cs', 'cs:class:List<string>:2|class|lib/2.cs', 'cs:class:Map__lt__string__c__int__gt__:3|class|lib/3.cs', 'cs:class:List:4|class|lib/4.cs') r ORDER BY i, confidence DESC, to_key COLLATE "C";
-- what is not visible outside its file
SELECT r.* FROM resolve('c:fn:main:src/a.c:1-9', 'c:fn:init:unresolved-reference:0-0', 'c:fn:init:1|function|src/b.c|static', 'c:fn:init:2|function|lib/c.c', 'c:fn:init:3|function|src/d.c|static') r;
SELECT r.* FROM resolve('c:fn:main:src/a.c:1-9', 'c:fn:init:unresolved-reference:0-0', 'c:fn:init:1|function|src/a.c|static', 'c:fn:init:2|function|lib/c.c', 'c:fn:init:3|function|src/d.c|static') r;
SELECT r.* FROM resolve('c:fn:main:src/a.c:1-9', 'c:fn:init:unresolved-reference:0-0 & c:fn:b::init:unknown:0-0', 'c:fn:init:1|function|src/b.c|static') r;
-- two files whose paths differ in a separator only are two files
SELECT r.* FROM resolve('c:fn:main:src/net_util.c:1-9', 'c:fn:init:unresolved-reference:0-0', 'c:fn:main:src/net_util.c:1-9|function|src/net_util.c', 'c:fn:init:1|function|src/net/util.c|static') r;
-- names and languages of entities go before those of their keys
SELECT given('c:fn:main:src/a.c:1-9', 'c:fn:alias:unknown:0-0 & c:fn:key_name:unknown:0-0', VARIADIC '{}');
INSERT INTO pt_gold.pt_entity (key, name, language) VALUES ('c:fn:key_name:src/b.c:1-2', 'alias', 'c'), ('x:fn:key_name:src/b.c:3-4', NULL, 'c');
SELECT * FROM pt_resolve_references();
SELECT to_key, reference_key, method FROM guesses ORDER BY to_key COLLATE "C";
-- edges to what is known, outside, a file; and references from placeholders: none of its business
SELECT r.* FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:parse:1 & rust:fn:parse:external-dependency-x:0-0 & rust:file:parse:1-1|Uses', 'rust:fn:parse:1|fn|src/b.rs') r;
SELECT r.* FROM resolve('rust:fn:main:unknown:0-0', 'rust:fn:parse:unknown:0-0', 'rust:fn:parse:1|fn|src/b.rs') r;

-- max_candidates: with more a reference stays as it is; so many are shared
SELECT given('rust:fn:main:./src/a.rs:1-9', 'rust:fn:new:unknown:0-0 & rust:fn:lib::new:unknown:0-0', VARIADIC ARRAY(SELECT format('rust:fn:new:%s|fn|lib/x%s/f.rs', i, i) FROM generate_series(1, 6) i));
SELECT m AS max_candidates, r.* FROM unnest(ARRAY[1, 5, 6, 25, 2147483647]) WITH ORDINALITY m (m, i), LATERAL pt_resolve_references(max_candidates => m) r ORDER BY i;
SELECT method, count(*), min(confidence), max(confidence), sum(confidence) FROM guesses GROUP BY method;
SELECT given('rust:fn:main:./src/a.rs:1-9', 'rust:fn:new:unknown:0-0', VARIADIC ARRAY(SELECT format('rust:fn:new:%s|fn|src/a.rs', i) FROM generate_series(1, 6) i) || 'rust:fn:new:far|fn|lib/b.rs'::text);
SELECT * FROM pt_resolve_references(max_candidates => 6);
SELECT method, count(*), min(confidence), max(confidence) FROM guesses GROUP BY method ORDER BY method;
SELECT * FROM pt_resolve_references(max_candidates => 7);
SELECT method, count(*), min(confidence), max(confidence) FROM guesses GROUP BY method ORDER BY method;
SELECT * FROM pt_resolve_references(max_candidates => 5);
SELECT count(*) FROM guesses;
-- two references that mean the same: the better one counts
SELECT given('rust:fn:main:./src/a.rs:1-9', 'rust:fn:new:unknown:0-0 & rust:fn:b::new:unknown:0-0 & rust:fn:c::new:unknown:0-0', 'rust:fn:new:1|fn|lib/b.rs', 'rust:fn:new:2|fn|lib/d.rs');
SELECT * FROM pt_resolve_references();
SELECT * FROM guesses ORDER BY to_key COLLATE "C";

-- ---------------------------------------------------------------------------
-- The rules once more, one reference after the other.
-- ---------------------------------------------------------------------------
CREATE FUNCTION class_of(type text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT CASE WHEN type IN ('fn', 'function', 'method', 'macro', 'test') THEN 'callable' WHEN type IN ('struct', 'class', 'enum', 'trait', 'interface') THEN 'type'
		WHEN type IN ('mod', 'module') THEN 'module' WHEN type = 'impl' THEN 'impl' WHEN type = 'file' THEN 'file' ELSE 'value' END $$;
CREATE FUNCTION fits(wanted text, class text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
	SELECT CASE wanted WHEN 'any' THEN class NOT IN ('impl', 'file') WHEN 'callable' THEN class IN ('callable', 'type') WHEN 'impl' THEN false ELSE class = wanted END $$;
CREATE FUNCTION rank_of(path text, other text) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
	a text[] := string_to_array(ltrim(path, './'), '/');
	b text[] := string_to_array(ltrim(other, './'), '/');
	n integer := 0;
BEGIN
	-- folders in common from the root; a path without slashes is in the root
	WHILE n + 1 < cardinality(a) AND n + 1 < cardinality(b) AND a[n + 1] = b[n + 1] LOOP n := n + 1; END LOOP;
	RETURN n;
END $$;
CREATE FUNCTION module_of(path text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
	stem text := substring(path FROM '([^/]*)$');
	parent text := substring(path FROM '([^/.]+)/[^/]*$');
BEGIN
	IF strpos(stem, '.') > 1 THEN stem := substring(stem FROM '^(.+)\.[^.]*$'); END IF;
	RETURN CASE WHEN stem IN ('mod', 'lib', 'index', '__init__', 'main') AND parent IS NOT NULL THEN parent ELSE stem END;
END $$;
CREATE FUNCTION expected(edges regclass, max integer) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text, confidence numeric(3,2), method text, reference_key text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	entities text := (SELECT format('%I.pt_entity', nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = edges);
	r record;
	wanted text;
	own_name text;
	parts text[];
	found text[];
	how text;
	best integer;
	share numeric;
	most integer;
BEGIN
	DROP TABLE IF EXISTS ent, ref, answer, cand;
	EXECUTE format($q$CREATE TEMP TABLE ent AS
		SELECT key, coalesce(language, pt_key_language(key), '') AS language, class_of(coalesce(entity_type, split_part(key, ':', 2))) AS class, pt_match_name(coalesce(name, pt_key_name(key))) AS name,
			coalesce(file_path, pt_key_path(key), '') AS path, coalesce(properties ->> 'linkage', '') = 'static' AS hidden
		FROM %2$s WHERE pt_key_kind(key) IN ('local', 'file')
		UNION ALL
		SELECT DISTINCT from_key, coalesce(pt_key_language(from_key), ''), class_of(split_part(from_key, ':', 2)), pt_match_name(pt_key_name(from_key)), coalesce(pt_key_path(from_key), ''), false
		FROM %1$s WHERE confidence IS NULL AND pt_key_kind(from_key) IN ('local', 'file') AND from_key NOT IN (SELECT key FROM %2$s)$q$, edges, entities);
	ALTER TABLE ent ADD file text;
	UPDATE ent SET file = regexp_replace(regexp_replace(path, '^[./_]+', ''), '[./]', '_', 'g');
	EXECUTE format('CREATE TEMP TABLE ref AS SELECT e.from_key, e.to_key, e.edge_type, e.source_location, s.path, s.file, s.language AS own_language FROM %s e JOIN ent s ON s.key = e.from_key WHERE e.confidence IS NULL', edges);
	CREATE TEMP TABLE cand (LIKE ent);
	CREATE TEMP TABLE answer (from_key text, to_key text, edge_type text, source_location text, confidence numeric(3,2), method text, reference_key text);

	FOR r IN SELECT * FROM ref WHERE pt_key_kind(ref.to_key) IN ('unresolved', 'import') LOOP
		wanted := CASE WHEN r.edge_type = 'Implements' THEN 'type' WHEN pt_key_kind(r.to_key) = 'import' THEN 'any' ELSE replace(class_of(split_part(r.to_key, ':', 2)), 'file', 'value') END;
		own_name := pt_match_name(pt_key_name(r.to_key));
		parts := regexp_split_to_array(pt_key_name(r.to_key), '::|\.|->|/');
		parts := parts[:cardinality(parts) - 1];
		DELETE FROM cand;
		INSERT INTO cand SELECT * FROM ent WHERE ent.name = own_name AND ent.language = coalesce(pt_key_language(r.to_key), '') AND fits(wanted, ent.class);
		how := 'file';
		found := ARRAY(SELECT key FROM cand WHERE cand.file = r.file AND r.file <> '');
		IF found = '{}' THEN
			how := 'import';
			parts := parts || ARRAY(SELECT p FROM ref, regexp_split_to_table(pt_key_name(ref.to_key), '::|\.|->|/') p
				WHERE ref.file = r.file AND ref.own_language = coalesce(pt_key_language(r.to_key), '') AND ref.edge_type = 'Uses' AND pt_key_kind(ref.to_key) IN ('unresolved', 'import', 'external')
					AND p NOT IN ('crate', 'self', 'super', 'std', 'core', 'alloc', 'src'));
			found := ARRAY(SELECT key FROM cand WHERE NOT hidden AND EXISTS (SELECT FROM unnest(parts) p WHERE p <> '' AND p IN (module_of(path), substring(path FROM '([^/.]+)/[^/]*$'))));
		END IF;
		IF found = '{}' THEN
			SELECT max(rank_of(r.path, path)) INTO most FROM cand WHERE NOT hidden;
			found := ARRAY(SELECT key FROM cand WHERE NOT hidden AND rank_of(r.path, path) = most
				AND cand.class = (SELECT min(c.class COLLATE "C") FROM cand c WHERE NOT c.hidden AND rank_of(r.path, c.path) = most));
			how := CASE WHEN most > 0 AND most = cardinality(string_to_array(ltrim(r.path, './'), '/')) - 1 THEN 'folder'
				WHEN (SELECT count(*) FROM cand WHERE NOT hidden AND class IN (SELECT c.class FROM cand c WHERE c.key = ANY (found))) = 1 THEN 'unique' ELSE 'nearest' END;
		END IF;
		-- of callables, no type beside them; not itself, if there are others
		IF wanted = 'callable' AND EXISTS (SELECT FROM cand WHERE key = ANY (found) AND class = 'callable') THEN
			DELETE FROM cand WHERE class = 'type';
			found := ARRAY(SELECT key FROM cand WHERE key = ANY (found));
		END IF;
		IF EXISTS (SELECT FROM unnest(found) f WHERE f <> r.from_key) THEN
			DELETE FROM cand WHERE key = r.from_key;
		END IF;
		found := ARRAY(SELECT key FROM cand WHERE key = ANY (found));
		IF cardinality(found) BETWEEN 1 AND max THEN
			best := cardinality(found);
			IF found = ARRAY[r.from_key] THEN how := 'self'; END IF;
			share := CASE how WHEN 'file' THEN 0.95 WHEN 'import' THEN 0.9 WHEN 'folder' THEN 0.8 WHEN 'unique' THEN 0.75 WHEN 'nearest' THEN 0.6 ELSE 0.5 END;
			INSERT INTO answer SELECT r.from_key, key, r.edge_type || ' (resolved)', r.source_location, greatest(round(share / best, 2), 0.01), how, r.to_key FROM unnest(found) key;
			IF (SELECT count(*) FROM ent WHERE NOT hidden AND ent.name = own_name AND ent.language = coalesce(pt_key_language(r.to_key), '')) BETWEEN 2 AND max THEN
				INSERT INTO answer SELECT r.from_key, key, r.edge_type || ' (resolved)', r.source_location, greatest(round((1 - share) / count(*) OVER (), 2), 0.01), 'other', r.to_key FROM cand WHERE NOT hidden AND key <> ALL (found);
			END IF;
		END IF;
	END LOOP;
	RETURN QUERY SELECT DISTINCT ON (a.from_key COLLATE "C", a.to_key COLLATE "C", a.edge_type COLLATE "C") * FROM answer a
		ORDER BY a.from_key COLLATE "C", a.to_key COLLATE "C", a.edge_type COLLATE "C", a.confidence DESC, a.reference_key COLLATE "C";
END $$;
CREATE FUNCTION differences(edges regclass, max integer DEFAULT 25) RETURNS TABLE (what text, from_key text, to_key text, edge_type text, source_location text, confidence numeric(3,2), method text, reference_key text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TEMP TABLE there AS SELECT from_key, to_key, edge_type, source_location, confidence, method, reference_key FROM %s WHERE reference_key IS NOT NULL', edges);
	CREATE TEMP TABLE should AS SELECT * FROM expected(edges, max);
	RETURN QUERY (SELECT 'missing', s.* FROM (SELECT * FROM should EXCEPT ALL SELECT * FROM there) s ORDER BY 2, 3 LIMIT 4)
		UNION ALL (SELECT 'surplus', s.* FROM (SELECT * FROM there EXCEPT ALL SELECT * FROM should) s ORDER BY 2, 3 LIMIT 4);
	DROP TABLE there, should;
END $$;

-- A random codebase: names, folders and files are few, so that all of it happens.
CREATE FUNCTION random_codebase(seed double precision, entities integer, edges integer, graph text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(seed);
	EXECUTE format('TRUNCATE %1$I.pt_entity, %1$I.pt_edge', graph);
	CREATE TEMP TABLE made AS
		SELECT i, (ARRAY['rust', 'rust', 'rust', 'py'])[1 + floor(random() * 4)] AS language, (ARRAY['fn', 'fn', 'fn', 'method', 'struct', 'trait', 'impl', 'mod', 'const', 'file', 'struct'])[1 + floor(random() * 11)] AS type,
			(ARRAY['new', 'parse', 'run', 'Thing', 'List<string>', 'List__lt__string__gt__', 'get', 'client', 'net', 'ui::draw', 'draw'])[1 + floor(random() * 11)] AS name,
			(ARRAY['', 'src/', 'src/', 'src/net/', 'src/net/', 'src/net/deep/', 'src/ui/', 'lib/', 'lib/net/'])[1 + floor(random() * 9)] || (ARRAY['main', 'mod', 'client', 'a', 'b', 'lib', '__init__', 'draw'])[1 + floor(random() * 8)] || '.rs' AS path,
			random() AS spelling, random() AS rest
		FROM generate_series(1, entities) i;
	ALTER TABLE made ADD key text;
	UPDATE made SET key = CASE WHEN type = 'file' THEN format('%s:file:%s:%s-%s', language, path, i, i)
		ELSE format('%s:%s:%s:%s:%s-%s', language, type, name, CASE WHEN spelling < 0.4 THEN path WHEN spelling < 0.7 THEN './' || path ELSE '__' || replace(replace(path, '/', '_'), '.', '_') END, i, i + 5) END;
	-- some are entities by their row only, some by their key only
	EXECUTE format($q$INSERT INTO %I.pt_entity (key, name, entity_type, language, file_path, properties)
		SELECT key, CASE WHEN rest < 0.5 THEN name END, CASE WHEN rest < 0.7 THEN CASE type WHEN 'fn' THEN 'function' WHEN 'const' THEN 'constant' ELSE type END END, CASE WHEN rest < 0.6 THEN language END,
			CASE WHEN rest < 0.3 THEN path WHEN rest < 0.6 THEN './' || path END, CASE WHEN spelling > 0.3 AND spelling < 0.4 THEN '{"linkage": "static"}' ELSE '{}' END::jsonb
		FROM made WHERE rest < 0.9$q$, graph);
	EXECUTE format($q$INSERT INTO %I.pt_edge (from_key, to_key, edge_type, source_location)
		SELECT m.key, t.key, (ARRAY['Calls', 'Calls', 'Calls', 'Uses', 'Implements'])[k], 'at:' || e
		FROM (SELECT e, 1 + floor(random() * %s)::integer AS s, 1 + floor(random() * %s)::integer AS t, random() AS r1, random() AS r2, 1 + floor(random() * 5)::integer AS k FROM generate_series(1, %s) e) e
			JOIN made m ON m.i = e.s JOIN made o ON o.i = e.t, LATERAL (SELECT CASE
				WHEN r1 < 0.45 THEN format('%%s:%%s:%%s:%%s:0-0', m.language, CASE WHEN r2 < 0.8 THEN 'fn' ELSE o.type END, o.name, CASE WHEN r2 < 0.5 THEN 'unresolved-reference' ELSE 'unknown' END)
				WHEN r1 < 0.60 THEN format('%%s:fn:%%s::%%s:unresolved-reference:0-0', m.language, (ARRAY['net', 'client', 'crate', 'deep', 'nowhere', 'Thing'])[1 + floor(r2 * 6)], o.name)
				WHEN r1 < 0.85 THEN format('%%s:module:%%s:0-0', m.language, (ARRAY['crate::net', 'client::get', 'std::fmt', 'draw', 'Thing', 'lib'])[1 + floor(r2 * 6)])
				WHEN r1 < 0.9 THEN format('%%s:module:new:external-dependency-net:0-0', m.language)
				ELSE o.key END) t (key)
		ON CONFLICT DO NOTHING$q$, graph, entities, entities, edges);
	DROP TABLE made;
END $$;
SELECT pt_create_codebase('pt_wild');
CREATE FUNCTION try(seed double precision, entities integer, edges integer, max integer) RETURNS TABLE (resolution text, missing_or_surplus bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM random_codebase(seed, entities, edges, 'pt_wild');
	resolution := pt_resolve_references('pt_wild.pt_edge', max)::text;
	SELECT count(*) INTO missing_or_surplus FROM differences('pt_wild.pt_edge', max);
	RETURN NEXT;
END $$;
SELECT s.seed, s.entities, s.edges, s.max, t.* FROM (VALUES (0.31, 60, 120, 25), (0.32, 150, 150, 25), (0.33, 150, 150, 3), (0.34, 30, 150, 2), (0.35, 250, 80, 25), (0.36, 120, 100, 1), (0.065, 75, 125, 10)) s (seed, entities, edges, max), LATERAL try(seed, entities, edges, max) t;
SELECT pt_resolve_references('pt_wild.pt_edge', 25);
SELECT * FROM differences('pt_wild.pt_edge', 25);
-- every method is among them, and the shares are no more than there is
SELECT method, count(*) > 3 AS some FROM pt_wild.pt_edge WHERE confidence IS NOT NULL GROUP BY method ORDER BY method;
SELECT count(*) AS too_much FROM (SELECT sum(confidence) AS sum, count(*) AS n FROM pt_wild.pt_edge WHERE confidence IS NOT NULL GROUP BY from_key, reference_key, edge_type) s WHERE sum > 1 + n * 0.01;
SELECT count(*) AS too_sure FROM pt_wild.pt_edge WHERE method = 'other' AND confidence > 0.5;
SELECT * FROM pt_check_index('pt_wild.pt_edge_adjacency');

-- ---------------------------------------------------------------------------
-- Again, and after changes.
-- ---------------------------------------------------------------------------
SELECT random_codebase(0.41, 120, 150, 'pt_wild');
SET parseltongue.graph = 'pt_wild.pt_edge';
-- what a user wrote: guesses of their own, and facts that look like guesses
INSERT INTO pt_wild.pt_edge (from_key, to_key, edge_type, source_location, confidence, method)
	SELECT from_key, to_key, edge_type, 'mine', 0.33, 'mine' FROM (SELECT *, row_number() OVER (ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") AS n FROM expected('pt_wild.pt_edge', 25)) e WHERE n % 10 = 0;
INSERT INTO pt_wild.pt_edge (from_key, to_key, edge_type, source_location)
	SELECT from_key, to_key, edge_type, 'fact' FROM (SELECT *, row_number() OVER (ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") AS n FROM expected('pt_wild.pt_edge', 25)) e WHERE n % 10 = 5;
INSERT INTO pt_wild.pt_edge (from_key, to_key, confidence, method) VALUES ('own', 'guess', 0.5, 'file');
CREATE TABLE own AS SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge;
SELECT count(*) > 10 AS own FROM own WHERE source_location IN ('mine', 'fact');
SELECT * FROM pt_resolve_references();
SELECT count(*) AS own_changed FROM own FULL JOIN (SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge WHERE reference_key IS NULL) n USING (from_key, to_key, edge_type) WHERE (own.x, own.c) IS DISTINCT FROM (n.x, n.c);
SELECT count(*) AS wrong FROM differences('pt_wild.pt_edge') d WHERE NOT EXISTS (SELECT FROM own WHERE (own.from_key, own.to_key, own.edge_type) = (d.from_key, d.to_key, d.edge_type));
-- the second call writes nothing
CREATE TABLE once AS SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge;
SELECT guesses_inserted, guesses_updated, guesses_unchanged = (SELECT guesses_unchanged FROM pt_resolve_references('pt_wild.pt_edge_adjacency')) AS same, guesses_deleted FROM pt_resolve_references();
SELECT count(*) AS written FROM once FULL JOIN (SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge) n USING (from_key, to_key, edge_type) WHERE (once.x, once.c) IS DISTINCT FROM (n.x, n.c);
-- forgotten, all is as it was; resolved again, all is as it was
SELECT pt_forget_resolutions() = (SELECT count(*) FROM once WHERE reference_key IS NOT NULL) AS all_of_them, pt_forget_resolutions() AS none;
SELECT count(*) AS different FROM own FULL JOIN (SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge) n USING (from_key, to_key, edge_type) WHERE (own.x, own.c) IS DISTINCT FROM (n.x, n.c);
SELECT guesses_inserted > 0 AS written FROM pt_resolve_references();
SELECT count(*) AS different FROM (TABLE pt_wild.pt_edge EXCEPT ALL SELECT from_key, to_key, edge_type, source_location, confidence, method, reference_key FROM once) d;
DELETE FROM pt_wild.pt_edge WHERE source_location IN ('mine', 'fact') OR from_key = 'own';
SELECT guesses_inserted > 10 AS inserted, guesses_updated, guesses_deleted FROM pt_resolve_references();
SELECT * FROM differences('pt_wild.pt_edge');

-- more entities, more edges, fewer of both, others: only what differs is written
CREATE TABLE last (from_key text, to_key text, edge_type text, source_location text, confidence numeric(3,2), method text, reference_key text, x tid);
CREATE FUNCTION change_and_resolve(change text) RETURNS TABLE (deleted boolean, inserted boolean, updated boolean, counts_wrong boolean, rewritten bigint, missing_or_surplus bigint) LANGUAGE plpgsql AS $$
DECLARE
	r record;
BEGIN
	TRUNCATE last;
	EXECUTE change;
	INSERT INTO last SELECT *, ctid FROM pt_wild.pt_edge WHERE reference_key IS NOT NULL;
	SELECT * INTO r FROM pt_resolve_references();
	deleted := r.guesses_deleted > 0;
	inserted := r.guesses_inserted > 0;
	updated := r.guesses_updated > 0;
	counts_wrong := r.guesses_inserted <> (SELECT count(*) FROM pt_wild.pt_edge e WHERE reference_key IS NOT NULL AND NOT EXISTS (SELECT FROM last l WHERE (l.from_key, l.to_key, l.edge_type) = (e.from_key, e.to_key, e.edge_type)))
		OR r.guesses_deleted <> (SELECT count(*) FROM last l WHERE NOT EXISTS (SELECT FROM pt_wild.pt_edge e WHERE (l.from_key, l.to_key, l.edge_type) = (e.from_key, e.to_key, e.edge_type)))
		OR r.guesses_inserted + r.guesses_updated + r.guesses_unchanged <> (SELECT count(*) FROM pt_wild.pt_edge WHERE reference_key IS NOT NULL)
		OR r.reference_edges <> r.resolved + r.ambiguous + r.unresolved
		OR r.reference_edges <> (SELECT count(*) FROM pt_wild.pt_edge WHERE confidence IS NULL AND pt_key_kind(to_key) IN ('unresolved', 'import'));
	SELECT count(*) INTO rewritten FROM last l JOIN (SELECT *, ctid AS x FROM pt_wild.pt_edge) e USING (from_key, to_key, edge_type)
		WHERE (l.x <> e.x) IS DISTINCT FROM ((l.source_location, l.confidence, l.method, l.reference_key) IS DISTINCT FROM (e.source_location, e.confidence, e.method, e.reference_key));
	SELECT count(*) INTO missing_or_surplus FROM differences('pt_wild.pt_edge');
	RETURN NEXT;
END $$;
SELECT * FROM change_and_resolve($$INSERT INTO pt_wild.pt_entity (key, entity_type, file_path) SELECT format('rust:fn:%s:src/new.rs:%s-%s', n, i, i), 'function', 'src/new.rs' FROM unnest(ARRAY['new', 'parse', 'run', 'get']) WITH ORDINALITY n (n, i)$$);
SELECT * FROM change_and_resolve($$DELETE FROM pt_wild.pt_entity WHERE key LIKE '%:new:%'$$);
SELECT * FROM change_and_resolve($$INSERT INTO pt_wild.pt_edge (from_key, to_key) SELECT key, 'rust:fn:get:unresolved-reference:0-0' FROM pt_wild.pt_entity WHERE key LIKE 'rust:fn:%' ON CONFLICT DO NOTHING$$);
SELECT * FROM change_and_resolve($$DELETE FROM pt_wild.pt_edge WHERE reference_key IS NULL AND to_key LIKE '%:parse:%'$$);
SELECT * FROM change_and_resolve($$UPDATE pt_wild.pt_entity SET properties = '{"linkage": "static"}' WHERE key LIKE '%:run:%'$$);
SELECT * FROM change_and_resolve($$UPDATE pt_wild.pt_edge SET source_location = 'moved' WHERE confidence IS NULL AND to_key LIKE '%:get:%'$$);
SELECT * FROM change_and_resolve($$UPDATE pt_wild.pt_edge SET confidence = 0.01, method = 'meddled' WHERE reference_key LIKE '%:get:%'$$);
SELECT * FROM change_and_resolve($$DELETE FROM pt_wild.pt_edge WHERE reference_key LIKE '%:get:%'$$);
SELECT * FROM change_and_resolve('SELECT 1');
SELECT * FROM change_and_resolve('TRUNCATE pt_wild.pt_entity');
SELECT * FROM change_and_resolve('DELETE FROM pt_wild.pt_edge WHERE confidence IS NULL');
SELECT count(*) FROM pt_wild.pt_edge;

-- the order of rows does not matter
SELECT random_codebase(0.51, 150, 200, 'pt_wild');
SELECT pt_create_codebase('pt_shuffled');
SELECT pt_resolve_references() IS NOT NULL AS done;
CREATE FUNCTION shuffle(seed double precision) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(seed);
	TRUNCATE pt_shuffled.pt_entity, pt_shuffled.pt_edge;
	INSERT INTO pt_shuffled.pt_entity SELECT * FROM pt_wild.pt_entity ORDER BY random();
	INSERT INTO pt_shuffled.pt_edge SELECT * FROM pt_wild.pt_edge WHERE reference_key IS NULL ORDER BY random();
	PERFORM pt_resolve_references('pt_shuffled.pt_edge');
	RETURN (SELECT count(*) FROM ((TABLE pt_shuffled.pt_edge EXCEPT ALL TABLE pt_wild.pt_edge) UNION ALL (TABLE pt_wild.pt_edge EXCEPT ALL TABLE pt_shuffled.pt_edge)) d);
END $$;
SELECT shuffle(0.1), shuffle(0.2), shuffle(0.3);
ANALYZE pt_shuffled.pt_entity, pt_shuffled.pt_edge;
SET enable_hashjoin = off;
SET enable_nestloop = off;
SELECT shuffle(0.4);
RESET enable_hashjoin;
RESET enable_nestloop;

-- in transactions: twice in one, rolled back, in a subtransaction, read only
BEGIN;
SELECT pt_forget_resolutions() > 0 AS forgotten;
SELECT guesses_inserted > 0 AS inserted, guesses_unchanged FROM pt_resolve_references();
SELECT guesses_inserted, guesses_unchanged > 0 AS unchanged FROM pt_resolve_references();
SAVEPOINT s;
SELECT guesses_inserted FROM pt_resolve_references('pt_gold.pt_edge');
TRUNCATE pt_wild.pt_entity;
SELECT guesses_deleted > 0 AS deleted FROM pt_resolve_references();
ROLLBACK TO s;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM pt_resolve_references();
DELETE FROM pt_wild.pt_edge WHERE confidence IS NULL;
SELECT guesses_deleted > 0 AS deleted FROM pt_resolve_references();
ROLLBACK;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written, guesses_unchanged > 0 AS unchanged FROM pt_resolve_references();
SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname LIKE 'pt\_r\_%';
BEGIN READ ONLY;
SELECT state FROM outcome('SELECT pt_resolve_references()');
SELECT state FROM outcome('SELECT pt_forget_resolutions()');
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT guesses_unchanged > 0 AS unchanged FROM pt_resolve_references();
COMMIT;
-- while an error left the last call undone
SELECT state FROM outcome('SELECT pt_resolve_references(max_candidates => 0)');
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'P0002'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR DELETE ON pt_wild.pt_edge FOR EACH STATEMENT EXECUTE FUNCTION refuse();
SELECT state FROM outcome('SELECT pt_resolve_references()');
SELECT state FROM outcome('SELECT pt_forget_resolutions()');
DROP TRIGGER refuse ON pt_wild.pt_edge;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM pt_resolve_references();

-- errors
SELECT c AS call, o.* FROM unnest(ARRAY['pt_resolve_references(max_candidates => NULL)', 'pt_resolve_references(max_candidates => 0)', 'pt_resolve_references(max_candidates => -1)', 'pt_resolve_references(''pg_class'')', 'pt_resolve_references(''pt_wild.pt_entity'')', 'pt_forget_resolutions(''pg_class'')']) WITH ORDINALITY c (c, i),
	LATERAL outcome('SELECT ' || c) o ORDER BY i;
CREATE ROLE regress_pt_resolver;
GRANT USAGE ON SCHEMA pt_wild, pt_resolve TO regress_pt_resolver;
GRANT SELECT ON pt_wild.pt_entity, pt_wild.pt_edge TO regress_pt_resolver;
SET ROLE regress_pt_resolver;
SELECT state FROM outcome('SELECT pt_resolve_references()');
SELECT state FROM outcome('SELECT pt_forget_resolutions()');
RESET ROLE;
GRANT INSERT, UPDATE, DELETE ON pt_wild.pt_edge TO regress_pt_resolver;
SET ROLE regress_pt_resolver;
SELECT pt_forget_resolutions() > 0 AS forgotten;
SELECT guesses_inserted > 0 AS inserted FROM pt_resolve_references();
RESET ROLE;
-- whatever the path
CREATE FUNCTION pt_type_class(text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION split_part(text, text, integer) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION equal(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT 1 / 0 = 1 $$;
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = equal);
SET search_path = pt_resolve, pg_catalog, public;
SELECT pt_forget_resolutions() OPERATOR(pg_catalog.>) 0 AS forgotten;
SELECT guesses_inserted > 0 AS inserted FROM pt_resolve_references();
SET search_path = '';
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM public.pt_resolve_references();
SET search_path = pt_resolve, public;
DROP OPERATOR pt_resolve.= (text, text);
DROP FUNCTION pt_resolve.split_part(text, text, integer);
-- keys as long as a btree takes; a guess that would be longer is left out
SELECT given(format('c:fn:%s:a.c:1-2', repeat('x', 1200)), 'c:fn:f:unknown:0-0', format('c:fn:f:%s.c:1-2|function|%s.c', repeat('y', 1300), 'y'), 'c:fn:f:b.c:1-2|function|b.c', format('c:fn:f:%s.c:1-2|function|%s.c', repeat('z', 2000), 'z'));
SELECT resolved, ambiguous, unresolved, guesses_inserted FROM pt_resolve_references('pt_gold.pt_edge');
SELECT left(to_key, 20) AS to_key, length(to_key), confidence, method FROM pt_gold.pt_edge WHERE confidence IS NOT NULL ORDER BY 1;
-- nothing to do
TRUNCATE pt_gold.pt_entity, pt_gold.pt_edge;
SELECT * FROM pt_resolve_references('pt_gold.pt_edge');
SELECT pt_forget_resolutions('pt_gold.pt_edge');

-- ---------------------------------------------------------------------------
-- A small export as Parseltongue writes them: sources and targets have no key
-- in common, so walks find nothing until the references are resolved.
-- ---------------------------------------------------------------------------
RESET parseltongue.graph;
SELECT entities_inserted, entities_rejected, edges_inserted, edges_rejected FROM pt_import($json${
	"export_metadata": {"parseltongue_version": "0.9.7", "total_edges": 13},
	"edges": [
		{"from_key": "rust:fn:main:__crates_app_src_main_rs:10-40", "to_key": "rust:fn:build_cli:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:main:__crates_app_src_main_rs:10-40", "to_key": "rust:fn:run:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:main:__crates_app_src_main_rs:10-40", "to_key": "rust:fn:unwrap:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:build_cli:__crates_app_src_main_rs:42-60", "to_key": "rust:fn:new:unknown:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:run:__crates_app_src_run_rs:1-30", "to_key": "rust:fn:open:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:run:__crates_app_src_run_rs:1-30", "to_key": "rust:fn:new:unknown:0-0", "edge_type": "Calls"},
		{"from_key": "rust:file:./crates/app/src/run.rs:1-1", "to_key": "rust:module:storage:0-0", "edge_type": "Uses"},
		{"from_key": "rust:file:./crates/app/src/run.rs:1-1", "to_key": "rust:module:HashMap:0-0", "edge_type": "Uses"},
		{"from_key": "rust:method:open:__crates_core_src_storage_rs:5-9", "to_key": "rust:fn:connect:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:connect:__crates_core_src_storage_rs:11-20", "to_key": "rust:fn:connect:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:method:open:__crates_ui_src_window_rs:5-9", "to_key": "rust:fn:to_string:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:new:__crates_ui_src_window_rs:11-12", "to_key": "rust:fn:Parser:external-dependency-clap:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:new:__crates_core_src_storage_rs:22-24", "to_key": "rust:fn:format:unresolved-reference:0-0", "edge_type": "Calls"}
	]}$json$::jsonb);
SELECT count(*) AS keys_in_common FROM pt_edge a JOIN pt_edge b ON b.to_key = a.from_key;
SELECT count(*) AS with_callers FROM (SELECT DISTINCT from_key FROM pt_edge) s WHERE EXISTS (SELECT FROM pt_blast_radius(from_key));
SELECT * FROM pt_resolve_references();
SELECT from_key, to_key, confidence, method, reference_key FROM pt_edge WHERE reference_key IS NOT NULL ORDER BY from_key COLLATE "C", confidence DESC, to_key COLLATE "C";
SELECT min_confidence, count(*) AS with_callers FROM unnest(ARRAY[NULL, 0, 0.3, 0.5, 0.8, 0.95]) WITH ORDINALITY m (min_confidence, i), (SELECT DISTINCT from_key FROM pt_edge) s
WHERE EXISTS (SELECT FROM pt_blast_radius(from_key, edge_types => '{Calls}', min_confidence => min_confidence)) GROUP BY min_confidence ORDER BY min_confidence NULLS FIRST;
SELECT * FROM pt_blast_radius('rust:fn:connect:__crates_core_src_storage_rs:11-20', NULL, min_confidence => 0.4) ORDER BY distance, entity_key COLLATE "C";
SELECT step, from_key, to_key, edge_type FROM pt_path('rust:fn:main:__crates_app_src_main_rs:10-40', 'rust:fn:connect:__crates_core_src_storage_rs:11-20', min_confidence => 0.3) ORDER BY step;
SELECT pt_forget_resolutions();
TRUNCATE pt_entity, pt_edge, pt_import_rejection;
DROP SCHEMA pt_resolve CASCADE;
DROP OWNED BY regress_pt_resolver;
DROP ROLE regress_pt_resolver;
SELECT pt_drop_codebase('pt_gold'), pt_drop_codebase('pt_wild'), pt_drop_codebase('pt_shuffled');
