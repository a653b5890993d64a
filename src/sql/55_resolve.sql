-- ---------------------------------------------------------------------------
-- Resolving references.
--
-- A parser that sees a call knows a name, not which of several functions it
-- means; it writes an edge to a placeholder. Here each such reference is
-- matched with the entities of its name, and what fits best is written beside
-- it as a guess: an edge of type "Calls (resolved)" from the same source to the
-- entity, with a confidence, the method, and the placeholder it stands for.
--
-- Everything is sets: the references that ask the same (language, name and
-- class wanted, asked from one file) are one need; each step answers the needs
-- that the steps before left open. What is found is compared with the guesses
-- there are and only differences are written, so that running it again is
-- cheap for everybody who reads the log, and twice is as good as once.
--
-- Joins are by hash only: the tables have just been filled, and where the
-- planner expects one row and gets a million, the other ways are quadratic.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_type_class(type text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
AS $$
	SELECT CASE
		WHEN type OPERATOR(pg_catalog.=) ANY ('{fn,function,method,macro,proc_macro,constructor,destructor,getter,setter,closure,lambda,test}'::pg_catalog.text[]) THEN 'callable'
		WHEN type OPERATOR(pg_catalog.=) ANY ('{struct,class,enum,union,trait,interface,protocol,type,typedef,type_alias,record,object}'::pg_catalog.text[]) THEN 'type'
		WHEN type OPERATOR(pg_catalog.=) ANY ('{mod,module,namespace,package}'::pg_catalog.text[]) THEN 'module'
		WHEN type OPERATOR(pg_catalog.=) 'impl' THEN 'impl'
		ELSE 'value' END
$$;
COMMENT ON FUNCTION @extschema@.pt_type_class(text) IS
'What kind of thing an entity type is, for matching references: callable (fn, function, method, macro, test, ...), type (struct, class, enum, trait, interface, ...), module (mod, module, namespace, package), impl, or value: everything else, NULL too.';

CREATE FUNCTION @extschema@.pt_language_family(language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
AS $$
	SELECT CASE
		WHEN pg_catalog.lower(language) OPERATOR(pg_catalog.=) ANY ('{c,cpp,c++,cc,objc,objective-c}'::pg_catalog.text[]) THEN 'c'
		WHEN pg_catalog.lower(language) OPERATOR(pg_catalog.=) ANY ('{javascript,js,jsx,typescript,ts,tsx}'::pg_catalog.text[]) THEN 'javascript'
		ELSE COALESCE(pg_catalog.lower(language), '') END
$$;
COMMENT ON FUNCTION @extschema@.pt_language_family(text) IS
'The languages whose code calls each other''s by name: c for C, C++ and Objective-C, javascript for JavaScript and TypeScript, else the language in lower case, an empty text for NULL.';

CREATE FUNCTION @extschema@.pt_file_id(path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
AS $$ SELECT pg_catalog.translate(pg_catalog.ltrim(path, './_'), './', '__') $$;
COMMENT ON FUNCTION @extschema@.pt_file_id(text) IS
'A path in the one form that all spellings of it share: src_main_rs for ./src/main.rs, src/main.rs and __src_main_rs.';

-- Part of pt_resolve_references: the entities, references and imports of a
-- graph as temporary tables, with numbers for what is compared: targets (the
-- distinct placeholders), names with their language, paths, files (one for
-- all spellings of a path) and folders.
CREATE FUNCTION @extschema@.pt_resolve_collect(graph regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET client_min_messages = warning
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB'
AS $$
DECLARE
	no_entities CONSTANT text := '(SELECT NULL::text AS key, NULL::text AS language, NULL::text AS entity_type, '
		'NULL::text AS name, NULL::text AS file_path, NULL::jsonb AS properties WHERE false)';
BEGIN
	-- A key that is only the source of edges is an entity, too.
	EXECUTE format($sql$
		CREATE TEMP TABLE pt_r_entity ON COMMIT DROP AS
		SELECT row_number() OVER ()::integer AS entity, key, @extschema@.pt_language_family(language) AS language, @extschema@.pt_match_name(name) AS name,
			   CASE type WHEN 'file' THEN 'file' ELSE @extschema@.pt_type_class(type) END AS class, path, is_static
		FROM (
			SELECT e.key, coalesce(e.language, @extschema@.pt_key_language(e.key)) AS language,
				   coalesce(e.entity_type, split_part(e.key, ':', 2)) AS type, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name,
				   coalesce(e.file_path, @extschema@.pt_key_path(e.key), '') AS path,
				   coalesce(e.properties ->> 'linkage' = 'static', false) AS is_static
			FROM %2$s AS e WHERE @extschema@.pt_key_kind(e.key) IN ('local', 'file')
			UNION ALL
			SELECT from_key, @extschema@.pt_key_language(from_key), split_part(from_key, ':', 2), @extschema@.pt_key_name(from_key),
				   coalesce(@extschema@.pt_key_path(from_key), ''), false
			FROM (SELECT DISTINCT from_key FROM %1$s WHERE confidence IS NULL OFFSET 0) AS s
			WHERE @extschema@.pt_key_kind(from_key) IN ('local', 'file') AND NOT EXISTS (SELECT FROM %2$s AS e WHERE e.key = from_key)
		) AS e
	$sql$, graph, coalesce(@extschema@.pt_entity_table(graph)::text, no_entities));
	ANALYZE pt_r_entity;

	-- File 0 is an unknown one. A file called mod, lib, index, main or __init__ is
	-- the module that its folder names.
	CREATE TEMP TABLE pt_r_path ON COMMIT DROP AS
	SELECT row_number() OVER ()::integer AS path_no, path, CASE WHEN @extschema@.pt_file_id(path) = '' THEN 0 ELSE dense_rank() OVER (ORDER BY @extschema@.pt_file_id(path) COLLATE "C") END::integer AS file,
		   dense_rank() OVER (ORDER BY folders)::integer AS folder, folders, folders[cardinality(folders)] AS folder_name,
		   cardinality(folders) = 1 AS is_flat,
		   CASE WHEN stem IN ('mod', 'lib', 'index', 'main', '__init__') AND cardinality(folders) > 1 THEN folders[cardinality(folders)] ELSE stem END AS module
	FROM (
		-- '' is the root; a path without / has no folders that could be told apart
		SELECT path, CASE WHEN path LIKE '%/%' THEN array_prepend('', string_to_array(regexp_replace(ltrim(path, './'), '/?[^/]*$', ''), '/')) ELSE '{""}' END AS folders,
			   regexp_replace(regexp_replace(path, '^.*/', ''), '(.)\.[^.]*$', '\1') AS stem
		FROM (SELECT DISTINCT path FROM pt_r_entity) AS p
	) AS p;
	ANALYZE pt_r_path;

	-- Every folder above a folder, and itself. Ancestors are numbered apart: not
	-- all of them have files of their own.
	CREATE TEMP TABLE pt_r_ancestor ON COMMIT DROP AS
	SELECT folder, dense_rank() OVER (ORDER BY folders[:depth])::integer AS ancestor, depth, depth = cardinality(folders) AS is_itself
	FROM (SELECT DISTINCT folder, folders FROM pt_r_path) AS f, generate_series(1, cardinality(folders)) AS depth;
	ANALYZE pt_r_ancestor;

	EXECUTE format($sql$
		CREATE TEMP TABLE pt_r_target ON COMMIT DROP AS
		SELECT row_number() OVER (ORDER BY to_key COLLATE "C")::integer AS target, to_key, edges, language, matched AS name,
			   CASE WHEN kind = 'import' THEN 'any' ELSE @extschema@.pt_type_class(split_part(to_key, ':', 2)) END AS wanted,
			   -- but for the parts that say nothing
			   CASE WHEN @extschema@.pt_match_qualifier(name) = '' THEN '{}'::text[] ELSE ARRAY(SELECT part FROM regexp_split_to_table(@extschema@.pt_match_qualifier(name), '::|\.|->|/') AS part
					 WHERE part <> ALL ('{"",self,Self,this,crate,super}')) END AS qualifier
		FROM (
			SELECT to_key, edges, @extschema@.pt_key_kind(to_key) AS kind, @extschema@.pt_key_name(to_key) AS name,
				   @extschema@.pt_match_name(@extschema@.pt_key_name(to_key)) AS matched, @extschema@.pt_language_family(@extschema@.pt_key_language(to_key)) AS language
			FROM (SELECT to_key, count(*) AS edges FROM %1$s WHERE confidence IS NULL GROUP BY to_key OFFSET 0) AS e
		) AS e
		WHERE kind IN ('unresolved', 'import') AND NOT (language = 'rust' AND name ~ '^(::)?(std|core|alloc)::')
	$sql$, graph);
	ANALYZE pt_r_target;

	CREATE TEMP TABLE pt_r_name ON COMMIT DROP AS
	SELECT row_number() OVER ()::integer AS name_no, language, name
	FROM (SELECT DISTINCT language, name FROM pt_r_target) AS t
	JOIN (SELECT DISTINCT language, name FROM pt_r_entity WHERE class NOT IN ('impl', 'file')) AS e USING (language, name);
	ANALYZE pt_r_name;

	-- Targets that somebody may be meant by.
	CREATE TEMP TABLE pt_r_asked ON COMMIT DROP AS
	SELECT t.target, t.to_key, n.name_no, t.language, t.wanted, t.qualifier, t.qualifier <> '{}' AS is_qualified
	FROM pt_r_target AS t
	JOIN pt_r_name AS n USING (language, name);
	ANALYZE pt_r_asked;

	CREATE TEMP TABLE pt_r_candidate ON COMMIT DROP AS
	SELECT e.entity, e.key, n.name_no, e.class, p.file, p.folder, p.is_flat, p.module, p.folder_name, e.is_static
	FROM pt_r_entity AS e
	JOIN pt_r_name AS n USING (language, name)
	JOIN pt_r_path AS p USING (path)
	WHERE e.class NOT IN ('impl', 'file');
	ANALYZE pt_r_candidate;

	-- What a file imports: each part of each path that a Uses edge of it names,
	-- but for the standard library's.
	EXECUTE format($sql$
		CREATE TEMP TABLE pt_r_import ON COMMIT DROP AS
		SELECT DISTINCT p.file, p.folder, p.is_flat, f.language, part
		FROM %1$s AS e
		JOIN pt_r_entity AS f ON f.key = e.from_key
		JOIN pt_r_path AS p USING (path),
			 unnest(regexp_split_to_array(@extschema@.pt_match_qualifier(@extschema@.pt_key_name(e.to_key)), '::|\.|->|/')
					|| @extschema@.pt_match_name(@extschema@.pt_key_name(e.to_key))) AS part
		WHERE e.edge_type = 'Uses' AND e.confidence IS NULL AND @extschema@.pt_key_kind(e.to_key) IN ('unresolved', 'import', 'external')
			AND NOT (f.language = 'rust' AND @extschema@.pt_key_name(e.to_key) ~ '^(::)?(std|core|alloc)::') AND part <> ALL ('{"",crate,self,super,src}')
	$sql$, graph);
	ANALYZE pt_r_import;

	EXECUTE format($sql$
		CREATE TEMP TABLE pt_r_reference ON COMMIT DROP AS
		SELECT f.entity, t.target, e.edge_type, e.source_location, p.path_no,
			   CASE WHEN e.edge_type = 'Implements' THEN 'type' ELSE t.wanted END AS wanted
		FROM %1$s AS e
		JOIN pt_r_asked AS t ON t.to_key = e.to_key
		JOIN pt_r_entity AS f ON f.key = e.from_key
		JOIN pt_r_path AS p ON p.path = f.path
		WHERE e.confidence IS NULL
	$sql$, graph);
	ANALYZE pt_r_reference;

	-- One need for all references that ask the same from one file.
	CREATE TEMP TABLE pt_r_need ON COMMIT DROP AS
	SELECT row_number() OVER ()::integer AS need, n.path_no, n.target, n.wanted, p.file, p.folder, p.is_flat, t.name_no, t.language, t.is_qualified
	FROM (SELECT DISTINCT path_no, target, wanted FROM pt_r_reference) AS n
	JOIN pt_r_path AS p USING (path_no)
	JOIN pt_r_asked AS t USING (target);
	ANALYZE pt_r_need;

	CREATE TEMP TABLE pt_r_found (need integer, entity integer, class text, method text) ON COMMIT DROP;
END $$;
COMMENT ON FUNCTION @extschema@.pt_resolve_collect(regclass) IS
'Part of pt_resolve_references: reads the entities, references and imports of a graph into temporary tables.';

CREATE FUNCTION @extschema@.pt_class_fits(wanted text, class text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
AS $$
	SELECT CASE wanted WHEN 'any' THEN true WHEN 'callable' THEN class OPERATOR(pg_catalog.=) 'callable' OR class OPERATOR(pg_catalog.=) 'type'
		ELSE class OPERATOR(pg_catalog.=) wanted END
$$;
COMMENT ON FUNCTION @extschema@.pt_class_fits(text, text) IS
'Can a reference to something of the class wanted (of pt_type_class, or any) mean an entity of this class? What is called may be a type: its constructor.';

-- Part of pt_resolve_references: candidates for each need, the best ones from
-- the first step that has any.
CREATE FUNCTION @extschema@.pt_resolve_match(max_candidates integer, alternatives boolean) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET client_min_messages = warning
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB'
AS $$
BEGIN
	-- Candidates come in groups that are looked up whole. One of more than
	-- max_candidates stands as entity 0: it answers, but nobody knows what.

	-- A folder is unknown where the path has no /.
	CREATE TEMP TABLE pt_r_group ON COMMIT DROP AS
	SELECT name_no, class, file, folder, is_flat, CASE WHEN count(*) <= max_candidates THEN array_agg(entity) ELSE '{0}' END AS entities
	FROM pt_r_candidate WHERE file <> 0 GROUP BY name_no, class, file, folder, is_flat;
	ANALYZE pt_r_group;
	INSERT INTO pt_r_found
	SELECT n.need, unnest(g.entities), g.class, 'file'
	FROM pt_r_need AS n
	JOIN pt_r_group AS g ON g.name_no = n.name_no AND g.file = n.file
	WHERE (g.folder = n.folder OR g.is_flat OR n.is_flat) AND NOT n.is_qualified AND n.wanted <> 'any'
		AND @extschema@.pt_class_fits(n.wanted, g.class);
	DROP TABLE pt_r_group;
	ANALYZE pt_r_found;

	-- The module that a name is imported from, or qualified by, is named by a
	-- file or its folder.
	CREATE TEMP TABLE pt_r_group ON COMMIT DROP AS
	SELECT name_no, class, part, CASE WHEN count(*) <= max_candidates THEN array_agg(entity) ELSE '{0}' END AS entities
	FROM (
		SELECT name_no, class, entity, module AS part FROM pt_r_candidate WHERE NOT is_static
		UNION
		SELECT name_no, class, entity, folder_name FROM pt_r_candidate WHERE NOT is_static
	) AS c
	WHERE part <> '' GROUP BY name_no, class, part;
	ANALYZE pt_r_group;
	INSERT INTO pt_r_found
	SELECT DISTINCT n.need, unnest(g.entities), g.class, 'import'
	FROM (
		SELECT n.need, n.name_no, n.wanted, i.part
		FROM pt_r_need AS n
		JOIN pt_r_import AS i ON i.file = n.file AND i.language = n.language AND (i.folder = n.folder OR i.is_flat OR n.is_flat)
		WHERE NOT n.is_qualified AND n.file <> 0
		UNION ALL
		SELECT n.need, n.name_no, n.wanted, unnest(t.qualifier)
		FROM pt_r_need AS n
		JOIN pt_r_asked AS t USING (target)
		WHERE n.is_qualified
	) AS n
	JOIN pt_r_group AS g ON g.name_no = n.name_no AND g.part = n.part
	WHERE @extschema@.pt_class_fits(n.wanted, g.class) AND NOT EXISTS (SELECT FROM pt_r_found AS f WHERE f.need = n.need);
	DROP TABLE pt_r_group;
	ANALYZE pt_r_found;

	CREATE TEMP TABLE pt_r_group ON COMMIT DROP AS
	SELECT name_no, class, folder, CASE WHEN count(*) <= max_candidates THEN array_agg(entity) ELSE '{0}' END AS entities
	FROM pt_r_candidate WHERE NOT is_static AND NOT is_flat GROUP BY name_no, class, folder;
	ANALYZE pt_r_group;
	INSERT INTO pt_r_found
	SELECT n.need, unnest(g.entities), g.class, 'folder'
	FROM pt_r_need AS n
	JOIN pt_r_group AS g ON g.name_no = n.name_no AND g.folder = n.folder
	WHERE @extschema@.pt_class_fits(n.wanted, g.class) AND NOT EXISTS (SELECT FROM pt_r_found AS f WHERE f.need = n.need);
	DROP TABLE pt_r_group;
	ANALYZE pt_r_found;

	-- The nearest folder: the deepest one above both.
	CREATE TEMP TABLE pt_r_open ON COMMIT DROP AS
	SELECT * FROM pt_r_need AS n WHERE NOT EXISTS (SELECT FROM pt_r_found AS f WHERE f.need = n.need);
	ANALYZE pt_r_open;
	CREATE TEMP TABLE pt_r_group ON COMMIT DROP AS
	SELECT c.name_no, c.class, a.ancestor, max(count(*)) OVER (PARTITION BY c.name_no, c.class) AS in_all,
		   CASE WHEN count(*) <= max_candidates THEN array_agg(c.entity) ELSE '{0}' END AS entities
	FROM pt_r_candidate AS c
	JOIN pt_r_ancestor AS a USING (folder)
	WHERE NOT c.is_static AND c.name_no IN (SELECT name_no FROM pt_r_open)
	GROUP BY c.name_no, c.class, a.ancestor;
	ANALYZE pt_r_group;
	INSERT INTO pt_r_found
	SELECT need, unnest(entities), class, CASE in_all WHEN 1 THEN 'unique' ELSE 'nearest' END
	FROM (
		SELECT DISTINCT ON (n.need) n.need, g.entities, g.class, g.in_all
		FROM pt_r_open AS n
		JOIN pt_r_ancestor AS a USING (folder)
		JOIN pt_r_group AS g ON g.name_no = n.name_no AND g.ancestor = a.ancestor
		WHERE @extschema@.pt_class_fits(n.wanted, g.class)
		ORDER BY n.need, a.depth DESC, g.class
	) AS nearest;
	DROP TABLE pt_r_group, pt_r_open;
	ANALYZE pt_r_found;

	-- Whatever else has the name stays possible, unless there is too much of it.
	CREATE TEMP TABLE pt_r_group ON COMMIT DROP AS
	SELECT name_no, class, entity
	FROM (SELECT name_no, class, entity, count(*) OVER (PARTITION BY name_no) AS in_all FROM pt_r_candidate WHERE NOT is_static) AS c
	WHERE in_all <= max_candidates AND alternatives;
	ANALYZE pt_r_group;
	INSERT INTO pt_r_found
	SELECT n.need, c.entity, c.class, 'other'
	FROM pt_r_need AS n
	JOIN pt_r_group AS c USING (name_no)
	WHERE @extschema@.pt_class_fits(n.wanted, c.class)
		AND NOT EXISTS (SELECT FROM pt_r_found AS f WHERE f.need = n.need AND f.entity = c.entity);
	DROP TABLE pt_r_group;

	-- A type is called if no function among the best could be.
	DELETE FROM pt_r_found
	WHERE class = 'type' AND need IN (
		SELECT need FROM pt_r_found JOIN pt_r_need USING (need) WHERE wanted = 'callable' AND class = 'callable' AND method <> 'other');
	ANALYZE pt_r_found;

	CREATE TEMP TABLE pt_r_answer ON COMMIT DROP AS
	SELECT need, max(method) FILTER (WHERE method <> 'other') AS method,
		   count(*) FILTER (WHERE method <> 'other') AS best, count(*) FILTER (WHERE method = 'other') AS others
	FROM pt_r_found GROUP BY need
	HAVING count(*) FILTER (WHERE method <> 'other') BETWEEN 1 AND max_candidates AND min(entity) > 0;
	ANALYZE pt_r_answer;
END $$;
COMMENT ON FUNCTION @extschema@.pt_resolve_match(integer, boolean) IS
'Part of pt_resolve_references: finds the candidates of what pt_resolve_collect gathered.';

CREATE FUNCTION @extschema@.pt_resolve_references(
	graph regclass DEFAULT NULL,
	max_candidates integer DEFAULT 25,
	alternatives boolean DEFAULT true,
	OUT reference_edges bigint,
	OUT resolved bigint,
	OUT ambiguous bigint,
	OUT unresolved bigint,
	OUT guesses_inserted bigint,
	OUT guesses_updated bigint,
	OUT guesses_unchanged bigint,
	OUT guesses_deleted bigint
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET client_min_messages = warning
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB'
AS $$
DECLARE
	edges CONSTANT regclass := (@extschema@.pt_graph_tables(graph)).edges;
	total bigint;
	written bigint;
BEGIN
	IF max_candidates IS NULL OR max_candidates < 1 THEN
		RAISE EXCEPTION 'invalid max_candidates: %', coalesce(max_candidates::text, 'NULL') USING
			ERRCODE = 'invalid_parameter_value', HINT = 'Use 1 or more: a reference with more candidates stays unresolved.';
	END IF;
	IF current_setting('transaction_read_only')::boolean THEN
		RAISE EXCEPTION 'cannot execute pt_resolve_references() in a read-only transaction' USING ERRCODE = 'read_only_sql_transaction';
	END IF;
	IF to_regclass('pg_temp.pt_r_entity') IS NOT NULL OR to_regclass('pg_temp.pt_r_found') IS NOT NULL THEN
		RAISE EXCEPTION 'pt_resolve_references() is under way in this session' USING ERRCODE = 'object_in_use',
			HINT = 'Or temporary tables have the names it needs, which begin with pt_r_.';
	END IF;
	-- One at a time; other writers need not wait.
	EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', edges);
	PERFORM @extschema@.pt_resolve_collect(edges);
	PERFORM @extschema@.pt_resolve_match(max_candidates, coalesce(alternatives, true));

	-- The references with an answer. That a function calls itself and nothing
	-- else of its name is less likely than it looks.
	CREATE TEMP TABLE pt_r_answered ON COMMIT DROP AS
	SELECT r.entity, r.target, r.edge_type, r.source_location, a.need, a.best, a.others, n.is_qualified,
		   CASE WHEN a.best = 1 AND own.need IS NOT NULL THEN 'self' ELSE a.method END AS method
	FROM pt_r_reference AS r
	JOIN pt_r_need AS n USING (path_no, target, wanted)
	JOIN pt_r_answer AS a USING (need)
	LEFT JOIN pt_r_found AS own ON own.need = n.need AND own.entity = r.entity AND own.method <> 'other';
	ANALYZE pt_r_answered;
	SELECT coalesce(sum(t.edges), 0) INTO reference_edges FROM pt_r_target AS t;
	SELECT count(*) FILTER (WHERE best = 1), count(*) FILTER (WHERE best > 1) INTO resolved, ambiguous FROM pt_r_answered;
	unresolved := reference_edges - resolved - ambiguous;

	-- The best candidates share the method's confidence, half of it if the name
	-- is qualified by something unknown; the others what is left of it, but no
	-- more than these.
	-- Of two references that mean the same the better one counts.
	CREATE TEMP TABLE pt_r_best ON COMMIT DROP AS
	SELECT DISTINCT ON (a.entity, f.entity, a.edge_type) a.entity, f.entity AS to_entity, a.edge_type, a.source_location, a.target,
		   CASE f.method WHEN 'other' THEN 'other' ELSE a.method END AS method,
		   greatest(0.01, round(CASE f.method WHEN 'other' THEN least((1 - trust) / a.others, trust / a.best) ELSE trust / a.best END, 2))::numeric(3,2) AS confidence
	FROM pt_r_answered AS a
	JOIN (VALUES ('file', false, 0.95), ('import', false, 0.90), ('import', true, 0.90), ('folder', false, 0.80), ('folder', true, 0.40),
				 ('unique', false, 0.75), ('unique', true, 0.38), ('nearest', false, 0.60), ('nearest', true, 0.30),
				 ('self', false, 0.50), ('self', true, 0.25)) AS m (method, is_qualified, trust) USING (method, is_qualified)
	JOIN pt_r_found AS f USING (need)
	ORDER BY a.entity, f.entity, a.edge_type, confidence DESC, a.target;
	ANALYZE pt_r_best;
	CREATE TEMP TABLE pt_r_guess ON COMMIT DROP AS
	SELECT e.key AS from_key, c.key AS to_key, b.edge_type || ' (resolved)' AS edge_type, b.source_location, b.confidence, b.method, t.to_key AS reference_key
	FROM pt_r_best AS b
	JOIN pt_r_entity AS e USING (entity)
	JOIN pt_r_candidate AS c ON c.entity = b.to_entity
	JOIN pt_r_asked AS t USING (target)
	-- what the primary key's btree cannot hold
	WHERE octet_length(e.key) + octet_length(c.key) + octet_length(b.edge_type) <= 2600;
	ANALYZE pt_r_guess;

	EXECUTE format($sql$
		DELETE FROM %s AS e WHERE confidence IS NOT NULL AND reference_key IS NOT NULL AND NOT EXISTS (
			SELECT FROM pt_r_guess AS g WHERE g.from_key = e.from_key AND g.to_key = e.to_key AND g.edge_type = e.edge_type)
	$sql$, edges);
	GET DIAGNOSTICS guesses_deleted = ROW_COUNT;

	EXECUTE format($sql$
		WITH put AS (
			INSERT INTO %s AS e (from_key, to_key, edge_type, source_location, confidence, method, reference_key)
			SELECT * FROM pt_r_guess
			ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C"
			ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET source_location = EXCLUDED.source_location,
				confidence = EXCLUDED.confidence, method = EXCLUDED.method, reference_key = EXCLUDED.reference_key
			WHERE e.confidence IS NOT NULL AND e.reference_key IS NOT NULL
				AND (e.source_location, e.confidence, e.method, e.reference_key) IS DISTINCT FROM
				(EXCLUDED.source_location, EXCLUDED.confidence, EXCLUDED.method, EXCLUDED.reference_key)
			RETURNING e.xmax = 0 AS is_new
		)
		SELECT (SELECT count(*) FROM pt_r_guess), count(*), count(*) FILTER (WHERE is_new) FROM put
	$sql$, edges) INTO total, written, guesses_inserted;
	guesses_updated := written - guesses_inserted;
	guesses_unchanged := total - written;
	DROP TABLE pt_r_entity, pt_r_path, pt_r_ancestor, pt_r_target, pt_r_name, pt_r_asked, pt_r_candidate, pt_r_import, pt_r_reference,
		pt_r_need, pt_r_found, pt_r_answer, pt_r_answered, pt_r_best, pt_r_guess;
END $$;

COMMENT ON FUNCTION @extschema@.pt_resolve_references(regclass, integer, boolean) IS
'Match each edge to a placeholder (kind unresolved or import) with the entities of its language, name and kind of thing, and write what fits as guesses: edges of type "Calls (resolved)" to the entities, with confidence, method and reference_key, the placeholder. A key that is only the source of edges counts as an entity. Names are compared by pt_match_name, languages by pt_language_family, kinds of things by pt_type_class. The first method that finds any names the best candidates, which share its confidence evenly: file 0.95 (in the same file; not for imports and qualified names), import 0.90 (an import of the file, or the name''s qualifier, names the candidate''s file or folder), folder 0.80 (the same folder), unique 0.75 (the only one of its kind), nearest 0.60 (the deepest common folder); a function that can only mean itself 0.50 (self); half of it, but for import, where the name is qualified. With alternatives, all others of the name share the rest, none more than a best one, unless they and the best are more than max_candidates (method other). Entities with the property linkage static are meant in their own file only; what Rust names std, core or alloc is neither looked for nor counted. max_candidates: a reference with more stays unresolved. Guesses that no longer hold are deleted, only differences are written. graph: a codebase''s edge table, NULL for the default graph. Returns the number of references, how many have one best candidate (resolved), several (ambiguous) or none, and what was written. One call at a time on a graph; other writers need not wait. It uses temporary tables, so its transaction cannot be prepared. Errors: 42809 no codebase, 22023 bad max_candidates, 25006 read-only transaction, 55006 it is under way in this session or temporary tables have its names, 40001 in a REPEATABLE READ transaction that another call overtook. O(edges + guesses).';

CREATE FUNCTION @extschema@.pt_forget_resolutions(graph regclass DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	deleted bigint;
BEGIN
	EXECUTE format('DELETE FROM %s WHERE confidence IS NOT NULL AND reference_key IS NOT NULL', (@extschema@.pt_graph_tables(graph)).edges);
	GET DIAGNOSTICS deleted = ROW_COUNT;
	RETURN deleted;
END $$;
COMMENT ON FUNCTION @extschema@.pt_forget_resolutions(regclass) IS
'Undo pt_resolve_references: delete the guesses it has written, and nothing else. Returns their number. Reads the whole edge table.';
