
-- ---------------------------------------------------------------------------
-- Exports of Parseltongue come in: what is in a document, and where.
--
-- All of it is a few statements over whole documents, so it is written in the
-- languages for that; C would only carry their text. They run with the
-- caller's rights under a search_path of pg_catalog, so triggers on the tables
-- must qualify what they name, as for pg_restore. Generic plans keep a
-- document from being copied into each plan, more than once, as a constant: a
-- cursor has one, EXECUTE has not. Compiling these large statements would take
-- seconds; to remember what was computed from an element (enable_memoize) costs
-- more than computing it, as no two are alike.
--
--    pt_import_shape      which arrays of the document are read: its parts
--    pt_import_elements   the elements of an array: from the document, or from
--                         the table that tools/pt-import has filled
--    pt_import_entity     what an element says, or why it is rejected
--    pt_import_entities, pt_import_edges
--                         what becomes of a part in the tables of a codebase
--    pt_import_run        all of it; pt_import and pt_import_staged call it
--
-- Functions without SET have a body that is parsed here and now, so that they
-- can be inlined; they must not be declared more stable than it is.
-- ---------------------------------------------------------------------------

-- Those bodies find nobody else's operators, whatever the extension's schema
-- has.
SET LOCAL search_path = pg_catalog, pg_temp;

-- ---------------------------------------------------------------------------
-- Text that may not be JSON.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_parse_json(document text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE COST 100
AS $$
BEGIN
	-- One qualified name and no operator: a search_path of its own would only cost time.
	RETURN document::pg_catalog.jsonb;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_parse_json(text) IS
'The text as jsonb, or NULL if it cannot be one. Runs a subtransaction.';

CREATE FUNCTION _parseltongue.pt_import_json_fault(document text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	message text;
	detail text;
BEGIN
	PERFORM document::jsonb;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN left(concat_ws(': ', message, nullif(detail, '')), 500);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_json_fault(text) IS
'Internal: why the text cannot be jsonb, as the server says it, or NULL if it can. Runs a subtransaction.';

-- ---------------------------------------------------------------------------
-- The elements of an array.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_import_stage() RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	CREATE TEMPORARY TABLE pt_import_stage (
		section integer NOT NULL,	-- which array, as the document names it
		position bigint NOT NULL,	-- in the array, from 0
		element jsonb,
		content text,				-- what may be no jsonb, if element is NULL
		reason text					-- why content is no element, if that is known
	) ON COMMIT DROP;
	-- each element is looked at several times: unpacking it would cost more than the room
	ALTER TABLE pg_temp.pt_import_stage ALTER element SET STORAGE EXTERNAL;
	RETURN 'pg_temp.pt_import_stage'::regclass;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_stage() IS
'Make the temporary table pt_import_stage for pt_import_staged, dropped at the end of the transaction: section (number of an array), position (in that array, from 0), element, or else content (text that may not be jsonb) and reason (NULL: to be found out). Errors: 42P07 the transaction has one already.';

CREATE FUNCTION _parseltongue.pt_import_elements(document jsonb, staged boolean, path text[])
RETURNS TABLE (ord bigint, raw jsonb, fault text, content text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- Not in SQL: inlined, the array would become a constant of the plan, copied over and over.
	IF NOT staged THEN
		RETURN QUERY
		SELECT e.o - 1, e.v, NULL::text, NULL::text
		FROM jsonb_array_elements(document #> path) WITH ORDINALITY AS e (v, o);
	ELSE
		RETURN QUERY
		SELECT s.position, v,
			   CASE WHEN v IS NULL THEN coalesce(s.reason, _parseltongue.pt_import_json_fault(s.content)) END,
			   CASE WHEN v IS NULL THEN left(s.content, 1000) END
		FROM pg_temp.pt_import_stage AS s, LATERAL (
			SELECT coalesce(element, CASE WHEN reason IS NULL THEN _parseltongue.pt_parse_json(s.content) END) OFFSET 0
		) AS p (v)
		WHERE s.section = (document #>> (path || '0'::text))::integer;
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_elements(jsonb, boolean, text[]) IS
'Internal: the elements of the array at a path of the document. staged: it holds but the number of its section in the table that pt_import_stage made. ord: from 0; fault: why an element is no jsonb, raw being NULL then and content its first 1000 characters. O(n).';

CREATE FUNCTION _parseltongue.pt_import_misfit(element jsonb, headers text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 2
RETURN CASE
	WHEN headers IS NULL THEN CASE WHEN jsonb_typeof(element) = 'object' THEN NULL ELSE 'not an object' END
	WHEN CASE WHEN jsonb_typeof(element) = 'array' THEN jsonb_array_length(element) = cardinality(headers) END THEN NULL
	ELSE format('not an array of %s values', cardinality(headers)) END;
COMMENT ON FUNCTION _parseltongue.pt_import_misfit(jsonb, text[]) IS
'Internal: what is wrong with an element as a row under these headers, or, without headers, as an object; or NULL.';

CREATE FUNCTION _parseltongue.pt_import_relative(path text, prefix text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_import_relative(text, text) IS
'Internal: the path, or path:line, as pt_normal_path has it, without the folder prefix. prefix: NULL for none.';

-- ---------------------------------------------------------------------------
-- Which shape is it?
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_import_place(path text[], ord bigint, field text, dep_ord bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 5
RETURN format('%s[%s]%s', array_to_string(CASE WHEN path[1] = 'data' THEN path[2:] ELSE path END, '.'), ord,
			  '.' || field || '[' || dep_ord || ']');
COMMENT ON FUNCTION _parseltongue.pt_import_place(text[], bigint, text, bigint) IS
'Internal: how a rejection names an element of the array at a path of a document: [5], entities[5], CodeGraph.rows[5]; with field and dep_ord (else NULL) an element of its array: entities[5].forward_deps[0].';

CREATE FUNCTION _parseltongue.pt_import_relation(content jsonb, base text[], relation text)
RETURNS _parseltongue.pt_import_part
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	headers jsonb := content #> ARRAY[relation, 'headers'];
	entity CONSTANT boolean := relation LIKE '%CodeGraph';
	names text;
BEGIN
	IF jsonb_typeof(headers) IS DISTINCT FROM 'array'
		OR jsonb_typeof(content #> ARRAY[relation, 'rows']) IS DISTINCT FROM 'array'
		OR EXISTS (SELECT FROM jsonb_array_elements(headers) AS h (v) WHERE jsonb_typeof(v) <> 'string') THEN
		RAISE EXCEPTION 'relation "%" is not an object with "headers" and "rows"', relation USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = 'Both must be arrays, and headers be strings.';
	END IF;
	SELECT string_agg(format('"%s"', n), ', ' ORDER BY n) INTO names
	FROM unnest(CASE WHEN entity THEN '{ISGL1_key}' ELSE '{from_key,to_key}' END::text[]) AS n
	WHERE NOT headers ? n;
	IF names IS NOT NULL THEN
		RAISE EXCEPTION 'relation "%" has no header %', relation, names USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT string_agg(format('"%s"', h), ', ' ORDER BY h COLLATE "C") INTO names
	FROM (SELECT h FROM jsonb_array_elements_text(headers) AS h GROUP BY h HAVING count(*) > 1) AS twice;
	IF names IS NOT NULL THEN
		RAISE EXCEPTION 'relation "%" repeats the header %', relation, names USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN ROW(CASE WHEN entity THEN 'entity' ELSE 'edge' END, starts_with(relation, '-'), false,
			   base || ARRAY[relation, 'rows'], ARRAY(SELECT jsonb_array_elements_text(headers)), NULL
			  )::_parseltongue.pt_import_part;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_relation(jsonb, text[], text) IS
'Internal: the part that a relation of CozoDB is. content: the object of relations; base: its path. Errors: 22023 no headers or rows, a header missing or repeated.';

CREATE FUNCTION _parseltongue.pt_import_shape(document jsonb, staged boolean) RETURNS SETOF _parseltongue.pt_import_part
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 4
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- in the order of reading: edges are deleted while it is known whose they are
	relations CONSTANT text[] := '{-DependencyEdges,-CodeGraph,CodeGraph,DependencyEdges}';
	content jsonb := document;
	base text[] := '{}';
	name text;
	names text;
BEGIN
	IF jsonb_typeof(content) = 'object' AND NOT content ?| (relations || '{entities,edges}'::text[])
		AND NOT 'array' IN (coalesce(jsonb_typeof(content -> 'nodes'), ''), coalesce(jsonb_typeof(content -> 'links'), ''))
		AND jsonb_typeof(content -> 'data') IN ('object', 'array') THEN
		content := content -> 'data';
		base := '{data}';
	END IF;

	IF jsonb_typeof(content) = 'array' THEN
		IF content = '[]' OR EXISTS (
			SELECT FROM _parseltongue.pt_import_elements(document, staged, base) WHERE fault IS NOT NULL
				OR jsonb_typeof(raw) = 'object' AND raw ?| '{ISGL1_key,isgl1_key,key,from_key,to_key}') THEN
			RETURN NEXT ROW('entity', false, true, base, NULL, NULL)::_parseltongue.pt_import_part;
			RETURN NEXT ROW('edge', false, true, base, NULL, base)::_parseltongue.pt_import_part;
			RETURN;
		END IF;
		names := 'It is an array with no object that has a key.';
	ELSIF jsonb_typeof(content) <> 'object' THEN
		names := format('It is a %s.', jsonb_typeof(content));
	ELSIF content ?| relations THEN
		FOREACH name IN ARRAY relations LOOP
			CONTINUE WHEN NOT content ? name;
			RETURN NEXT _parseltongue.pt_import_relation(content, base, name);
		END LOOP;
		SELECT string_agg(format('"%s"', k), ', ' ORDER BY k COLLATE "C") INTO names
		FROM jsonb_object_keys(content) AS k WHERE k <> ALL (relations);
		IF names IS NOT NULL THEN
			RAISE WARNING 'left out of the import: %', names;
		END IF;
		RETURN;
	ELSIF content ?| '{entities,edges,nodes,links}' THEN
		FOREACH name IN ARRAY '{entities,edges,nodes,links}'::text[] LOOP
			IF jsonb_typeof(content -> name) <> 'array' THEN
				RAISE EXCEPTION 'field "%" of the document is not an array', name USING
					ERRCODE = 'invalid_parameter_value';
			END IF;
		END LOOP;
		FOREACH name IN ARRAY '{entities,nodes}'::text[] LOOP
			CONTINUE WHEN CASE name WHEN 'nodes' THEN NOT content ? name ELSE content ? 'nodes' AND NOT content ? name END;
			RETURN NEXT ROW('entity', false, false, base || name, NULL, NULL)::_parseltongue.pt_import_part;
		END LOOP;
		-- Edges may come of entities alone, from their dependency arrays.
		FOREACH name IN ARRAY '{edges,links}'::text[] LOOP
			CONTINUE WHEN name = 'links' AND NOT content ? name;
			RETURN NEXT ROW('edge', false, false, base || name, NULL, CASE name WHEN 'edges' THEN
				base || CASE WHEN content ? 'nodes' AND NOT content ? 'entities' THEN 'nodes' ELSE 'entities' END END
						   )::_parseltongue.pt_import_part;
		END LOOP;
		RETURN;
	ELSE
		SELECT coalesce('It is an object with the fields '
						|| string_agg(format('"%s"', left(f, 60)), ', ' ORDER BY f COLLATE "C") || '.',
						'It is an empty object.')
		INTO names FROM (SELECT f FROM jsonb_object_keys(content) AS k (f) ORDER BY f COLLATE "C" LIMIT 10) AS k;
	END IF;
	RAISE EXCEPTION 'document is no export of a known shape' USING
		ERRCODE = 'invalid_parameter_value', DETAIL = names,
		HINT = 'Expected is an array of entities or edges, an object with the array "entities", "edges", "nodes" or "links", '
			'or one with the relations "CodeGraph" or "DependencyEdges"; '
			'any of them also as the field "data" of an object.';
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_shape(jsonb, boolean) IS
'Internal: the parts of a document that are to be imported, in that order. staged: as in pt_import_elements. Errors: 22023 unknown shape.';
