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

CREATE FUNCTION @extschema@.pt_file_id(path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
AS $$ SELECT pg_catalog.translate(pg_catalog.ltrim(path, './_'), './', '__') $$;
COMMENT ON FUNCTION @extschema@.pt_file_id(text) IS
'A path in the one form that all spellings of it share: src_main_rs for ./src/main.rs, src/main.rs and __src_main_rs.';

-- Part of pt_resolve_references: the entities and references of a graph, as
-- temporary tables.
CREATE FUNCTION @extschema@.pt_resolve_collect(graph regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
SET jit = off
AS $$
DECLARE
	entities regclass := @extschema@.pt_entity_table(graph);
BEGIN
	DROP TABLE IF EXISTS pg_temp.pt_r_entity, pg_temp.pt_r_reference, pg_temp.pt_r_need, pg_temp.pt_r_import, pg_temp.pt_r_found, pg_temp.pt_r_fit;

	-- A key that is only the source of edges is an entity, too.
	EXECUTE format($sql$
		CREATE TEMP TABLE pt_r_entity ON COMMIT DROP AS
		SELECT key, coalesce(language, '') AS language, CASE type WHEN 'file' THEN 'file' ELSE @extschema@.pt_type_class(type) END AS class, @extschema@.pt_match_name(name) AS name,
			   file, folders, is_static,
			   CASE WHEN stem IN ('mod', 'lib', 'index', '__init__', 'main') AND cardinality(folders) > 1 THEN folders[cardinality(folders)] ELSE stem END AS module,
			   folders[cardinality(folders)] AS folder
		FROM (
			SELECT key, language, type, name, is_static, @extschema@.pt_file_id(path) AS file,
				   -- '' is the root; a path in a key has no folders to tell apart
				   CASE WHEN path LIKE '%%/%%' THEN array_prepend('', string_to_array(regexp_replace(ltrim(path, './'), '/?[^/]*$', ''), '/')) ELSE '{""}' END AS folders,
				   regexp_replace(regexp_replace(path, '^.*/', ''), '(.)\.[^.]*$', '\1') AS stem
			FROM (
				SELECT e.key, coalesce(e.language, @extschema@.pt_key_language(e.key)) AS language,
					   coalesce(e.entity_type, split_part(e.key, ':', 2)) AS type, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name,
					   coalesce(e.file_path, @extschema@.pt_key_path(e.key), '') AS path,
					   coalesce(e.properties ->> 'linkage' = 'static', false) AS is_static
				FROM %2$s AS e WHERE @extschema@.pt_key_kind(e.key) IN ('local', 'file')
				UNION ALL
				SELECT from_key, @extschema@.pt_key_language(from_key), split_part(from_key, ':', 2), @extschema@.pt_key_name(from_key),
					   coalesce(@extschema@.pt_key_path(from_key), ''), false
				FROM (SELECT DISTINCT from_key FROM %1$s WHERE confidence IS NULL) AS s
				WHERE @extschema@.pt_key_kind(from_key) IN ('local', 'file') AND NOT EXISTS (SELECT FROM %2$s AS e WHERE e.key = from_key)
			) AS e
		) AS e
	$sql$, graph, coalesce(entities::text, '(SELECT NULL::text AS key, NULL::text AS language, NULL::text AS entity_type, NULL::text AS name, NULL::text AS file_path, NULL::jsonb AS properties WHERE false)'));
	ANALYZE pt_r_entity;

	EXECUTE format($sql$
		CREATE TEMP TABLE pt_r_reference ON COMMIT DROP AS
		SELECT from_key, to_key, edge_type, source_location, f.file, f.folders, coalesce(t.language, '') AS language, t.name, t.qualifier,
			   CASE WHEN edge_type = 'Implements' THEN 'type' ELSE t.class END AS class
		FROM %1$s AS e
		JOIN (
			SELECT to_key, @extschema@.pt_key_language(to_key) AS language, @extschema@.pt_match_name(name) AS name,
				   -- all parts but the last
				   trim_array(regexp_split_to_array(name, '::|\.|->|/'), 1) AS qualifier,
				   CASE WHEN kind = 'import' THEN 'any' ELSE @extschema@.pt_type_class(split_part(to_key, ':', 2)) END AS class
			FROM (SELECT DISTINCT to_key, @extschema@.pt_key_name(to_key) AS name, @extschema@.pt_key_kind(to_key) AS kind FROM %1$s) AS k
			WHERE kind IN ('unresolved', 'import')
		) AS t USING (to_key)
		JOIN pt_r_entity AS f ON f.key = from_key
		WHERE confidence IS NULL
	$sql$, graph);
	ANALYZE pt_r_reference;

	-- What a file imports: each part of each path that a Uses edge of it names.
	EXECUTE format($sql$
		CREATE TEMP TABLE pt_r_import ON COMMIT DROP AS
		SELECT DISTINCT f.file, f.language, p.part
		FROM %1$s AS e
		JOIN pt_r_entity AS f ON f.key = e.from_key,
			 regexp_split_to_table(@extschema@.pt_key_name(e.to_key), '::|\.|->|/') AS p (part)
		WHERE e.edge_type = 'Uses' AND e.confidence IS NULL AND @extschema@.pt_key_kind(e.to_key) IN ('unresolved', 'import', 'external')
			AND p.part <> ALL ('{"",crate,self,super,std,core,alloc,src}')
	$sql$, graph);
	ANALYZE pt_r_import;

	-- One need for all references that ask the same from one file.
	CREATE TEMP TABLE pt_r_need ON COMMIT DROP AS
	SELECT row_number() OVER () AS need, n.*
	FROM (SELECT DISTINCT file, folders, language, name, class, qualifier FROM pt_r_reference) AS n
	WHERE EXISTS (SELECT FROM pt_r_entity AS e WHERE e.name = n.name AND e.language = n.language);
	ANALYZE pt_r_need;

	CREATE TEMP TABLE pt_r_found (need bigint, key text, class text, method text) ON COMMIT DROP;
	CREATE TEMP TABLE pt_r_fit ON COMMIT DROP AS
	SELECT wanted, class FROM (VALUES ('callable', 'callable'), ('callable', 'type'), ('type', 'type'), ('module', 'module'), ('value', 'value'),
		('any', 'callable'), ('any', 'type'), ('any', 'module'), ('any', 'value')) AS f (wanted, class);
END $$;
COMMENT ON FUNCTION @extschema@.pt_resolve_collect(regclass) IS
'Part of pt_resolve_references: reads the entities, references and imports of a graph into temporary tables.';

-- Part of pt_resolve_references: candidates for each need, from the first step
-- that has any.
CREATE FUNCTION @extschema@.pt_resolve_match(max_candidates integer) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
	INSERT INTO pt_r_found
	SELECT n.need, e.key, e.class, 'file'
	FROM pt_r_need AS n
	JOIN pt_r_entity AS e ON e.name = n.name AND e.language = n.language AND e.file = n.file
	JOIN pt_r_fit AS f ON f.wanted = n.class AND f.class = e.class
	WHERE n.file <> '';
	DELETE FROM pt_r_need AS n USING pt_r_found AS f WHERE f.need = n.need;
	ANALYZE pt_r_need;

	-- The module a name is imported from, or qualified by, is that of a file's
	-- name or folder.
	INSERT INTO pt_r_found
	SELECT DISTINCT n.need, e.key, e.class, 'import'
	FROM (
		SELECT n.*, i.part FROM pt_r_need AS n JOIN pt_r_import AS i ON i.file = n.file AND i.language = n.language
		UNION ALL
		SELECT n.*, q FROM pt_r_need AS n, unnest(n.qualifier) AS q
	) AS n
	JOIN pt_r_entity AS e ON e.name = n.name AND e.language = n.language AND n.part IN (e.module, e.folder)
	JOIN pt_r_fit AS f ON f.wanted = n.class AND f.class = e.class
	WHERE n.part <> '' AND NOT e.is_static;
	DELETE FROM pt_r_need AS n USING pt_r_found AS f WHERE f.need = n.need;
	ANALYZE pt_r_need;

	-- The nearest folder: the deepest one that holds both.
	INSERT INTO pt_r_found
	WITH below AS MATERIALIZED (
		SELECT e.language, e.name, e.class, e.folders[:d] AS folders, count(*) AS count,
			   CASE WHEN count(*) <= max_candidates THEN array_agg(e.key ORDER BY e.key COLLATE "C") END AS keys
		FROM pt_r_entity AS e
		JOIN (SELECT DISTINCT language, name FROM pt_r_need) AS n ON n.name = e.name AND n.language = e.language,
			 generate_series(1, cardinality(e.folders)) AS d
		WHERE NOT e.is_static
		GROUP BY e.language, e.name, e.class, e.folders[:d]
	), nearest AS (
		SELECT DISTINCT ON (n.need) n.need, b.keys, b.class,
			   CASE WHEN d = cardinality(n.folders) AND d > 1 THEN 'folder'
					WHEN min(b.count) FILTER (WHERE d = 1) OVER (PARTITION BY n.need, b.class) = 1 THEN 'unique'
					ELSE 'nearest' END AS method
		FROM pt_r_need AS n, generate_series(1, cardinality(n.folders)) AS d,
			 below AS b, pt_r_fit AS f
		WHERE b.name = n.name AND b.language = n.language AND b.folders = n.folders[:d]
			AND f.wanted = n.class AND f.class = b.class
		ORDER BY n.need, d DESC, b.class
	)
	SELECT need, key, class, method FROM nearest, unnest(keys) AS key;
	ANALYZE pt_r_found;

	-- Whatever else has the name stays possible, unless there is too much of it.
	INSERT INTO pt_r_found
	SELECT n.need, e.key, e.class, 'other'
	FROM pt_r_asked AS n
	JOIN (SELECT language, name FROM pt_r_entity WHERE NOT is_static GROUP BY language, name HAVING count(*) BETWEEN 2 AND max_candidates) AS c
		ON c.name = n.name AND c.language = n.language
	JOIN pt_r_entity AS e ON e.name = n.name AND e.language = n.language
	JOIN pt_r_fit AS f ON f.wanted = n.class AND f.class = e.class
	WHERE NOT e.is_static AND NOT EXISTS (SELECT FROM pt_r_found AS f WHERE f.need = n.need AND f.key = e.key);
	ANALYZE pt_r_found;
END $$;
COMMENT ON FUNCTION @extschema@.pt_resolve_match(integer) IS
'Part of pt_resolve_references: finds the candidates of what pt_resolve_collect gathered.';

CREATE FUNCTION @extschema@.pt_resolve_references(
	graph regclass DEFAULT NULL,
	max_candidates integer DEFAULT 25,
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
SET client_min_messages = warning
SET jit = off
AS $$
DECLARE
	edges regclass := @extschema@.pt_codebase_edges(graph);
	total bigint;
	written bigint;
BEGIN
	IF max_candidates IS NULL OR max_candidates < 1 THEN
		RAISE EXCEPTION 'invalid max_candidates: %', coalesce(max_candidates::text, 'NULL') USING
			ERRCODE = 'invalid_parameter_value', HINT = 'Use 1 or more: a reference with more candidates stays unresolved.';
	END IF;
	-- One at a time; other writers need not wait.
	EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', edges);
	PERFORM @extschema@.pt_resolve_collect(edges);
	CREATE TEMP TABLE pt_r_asked ON COMMIT DROP AS SELECT * FROM pt_r_need;
	ANALYZE pt_r_asked;
	PERFORM @extschema@.pt_resolve_match(max_candidates);

	-- What is called and looks like a type is a constructor, if nothing better
	-- has the name. A function that seems to call itself mostly calls another
	-- one of the same name, if there is one. The best candidates share the
	-- method's confidence, the others what is left of it.
	CREATE TEMP TABLE pt_r_guess ON COMMIT DROP AS
	SELECT from_key, key AS to_key, edge_type || ' (resolved)' AS edge_type, source_location, to_key AS reference_key, method,
		   count(*) FILTER (WHERE method <> 'other') OVER reference AS best,
		   greatest(0.01, round(CASE method WHEN 'other' THEN 1 - max(trust) OVER reference ELSE trust END
				/ count(*) OVER (PARTITION BY from_key, to_key, edge_type, method), 2))::numeric(3,2) AS confidence
	FROM (
		SELECT from_key, to_key, edge_type, source_location, key, CASE WHEN from_key = key THEN 'self' ELSE method END AS method,
			   CASE WHEN from_key = key THEN 0.50 WHEN method = 'file' THEN 0.95 WHEN method = 'import' THEN 0.90
					WHEN method = 'folder' THEN 0.80 WHEN method = 'unique' THEN 0.75 WHEN method = 'nearest' THEN 0.60 ELSE 0 END AS trust
		FROM (
			SELECT r.*, f.key, f.method, f.class AS found_class,
				   bool_or(f.class = 'callable' AND f.method <> 'other') OVER w AS has_callable,
				   bool_or(f.key <> r.from_key AND f.method <> 'other') OVER w AS has_others
			FROM pt_r_reference AS r
			JOIN pt_r_asked AS n ON n.file = r.file AND n.folders = r.folders AND n.language = r.language AND n.name = r.name
				AND n.class = r.class AND n.qualifier = r.qualifier
			JOIN pt_r_found AS f ON f.need = n.need
			WINDOW w AS (PARTITION BY r.from_key, r.to_key, r.edge_type)
		) AS c
		WHERE (class <> 'callable' OR found_class = 'callable' OR NOT has_callable) AND (key <> from_key OR NOT has_others)
	) AS c
	WINDOW reference AS (PARTITION BY from_key, to_key, edge_type);
	DELETE FROM pt_r_guess WHERE best > max_candidates
		-- what the primary key's btree cannot hold
		OR octet_length(from_key) + octet_length(to_key) + octet_length(edge_type) > 2600;
	ANALYZE pt_r_guess;

	SELECT count(*) INTO reference_edges FROM pt_r_reference;
	SELECT count(*) FILTER (WHERE n = 1), count(*) FILTER (WHERE n <> 1) INTO resolved, ambiguous
	FROM (SELECT count(*) FILTER (WHERE method <> 'other') AS n FROM pt_r_guess GROUP BY from_key, reference_key, edge_type) AS g;
	unresolved := reference_edges - resolved - ambiguous;

	EXECUTE format($sql$
		DELETE FROM %s AS e WHERE reference_key IS NOT NULL AND NOT EXISTS (
			SELECT FROM pt_r_guess AS g WHERE g.from_key = e.from_key AND g.to_key = e.to_key AND g.edge_type = e.edge_type)
	$sql$, edges);
	GET DIAGNOSTICS guesses_deleted = ROW_COUNT;

	-- Two references that mean the same: the better one counts.
	EXECUTE format($sql$
		WITH best AS MATERIALIZED (
			SELECT DISTINCT ON (from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") *
			FROM pt_r_guess
			ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", confidence DESC, reference_key COLLATE "C"
		), put AS (
			INSERT INTO %s AS e (from_key, to_key, edge_type, source_location, confidence, method, reference_key)
			SELECT from_key, to_key, edge_type, source_location, confidence, method, reference_key FROM best
			ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET source_location = EXCLUDED.source_location,
				confidence = EXCLUDED.confidence, method = EXCLUDED.method, reference_key = EXCLUDED.reference_key
			WHERE e.reference_key IS NOT NULL AND (e.source_location, e.confidence, e.method, e.reference_key) IS DISTINCT FROM
				(EXCLUDED.source_location, EXCLUDED.confidence, EXCLUDED.method, EXCLUDED.reference_key)
			RETURNING e.xmax = 0 AS is_new
		)
		SELECT (SELECT count(*) FROM best), (SELECT count(*) FROM put), (SELECT count(*) FROM put WHERE is_new)
	$sql$, edges) INTO total, written, guesses_inserted;
	guesses_updated := written - guesses_inserted;
	guesses_unchanged := total - written;
	DROP TABLE pt_r_entity, pt_r_reference, pt_r_need, pt_r_import, pt_r_found, pt_r_fit, pt_r_asked, pt_r_guess;
END $$;

COMMENT ON FUNCTION @extschema@.pt_resolve_references(regclass, integer) IS
'Match each edge to a placeholder (kind unresolved or import) with the entities of its language, name and kind of thing, and write what fits as guesses: edges of type "Calls (resolved)" to the entities, with confidence, method and reference_key, the placeholder. A key that is only the source of edges counts as an entity. The first method that finds any names the best candidates, which share its confidence evenly: file 0.95 (the same file), import 0.90 (the module''s name is imported there, or qualifies the name), folder 0.80 (the same folder), unique 0.75 (the only one), nearest 0.60 (the deepest common folder); all others of the name share the rest (method other); a function that can only mean itself 0.50 (self). Entities with the property linkage static are meant in their own file only. max_candidates: a reference with more stays unresolved. Guesses that no longer hold are deleted, only differences are written. graph: a code base''s edge table, NULL for the default graph. Returns the number of references, how many have one best candidate (resolved), several (ambiguous) or none, and what was written. One call at a time on a graph; other writers need not wait. Errors: 42809 no code base, 22023 bad max_candidates. O(edges + candidates), in temporary tables.';

CREATE FUNCTION @extschema@.pt_forget_resolutions(graph regclass DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	deleted bigint;
BEGIN
	EXECUTE format('DELETE FROM %s WHERE reference_key IS NOT NULL', @extschema@.pt_codebase_edges(graph));
	GET DIAGNOSTICS deleted = ROW_COUNT;
	RETURN deleted;
END $$;
COMMENT ON FUNCTION @extschema@.pt_forget_resolutions(regclass) IS
'Undo pt_resolve_references: delete the guesses it has written, and nothing else. Returns their number. Reads the whole edge table.';
