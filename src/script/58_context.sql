-- ---------------------------------------------------------------------------
-- What fits in a window: code for whoever is to change some of it.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_push(
	keys text[],
	max_results bigint,
	epsilon float8 DEFAULT 1e-4,
	damping float8 DEFAULT 0.85,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, score float8, caller_distance integer, callee_distance integer, certain boolean)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 500;
COMMENT ON FUNCTION _parseltongue.pt_push(text[], bigint, float8, float8, text[], float8, text[], text[], boolean, regclass) IS
'Internal: keys, and the max_results others that a walk from keys along edges in either direction is most often at, if with probability 1 - damping it begins anew. A score is less than the exact one by at most epsilon for each edge of the node. Distances along what was looked at; NULL if none was found. Errors as of pt_impact. Andersen, Chung and Lang''s push, O(1 / epsilon) whatever the graph.';

CREATE FUNCTION _parseltongue.pt_first_line(code text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_first_line(text) IS
'Internal: the first line of some code that is not blank, without spaces around it, of at most 200 characters; NULL if there is none in its first 1000. O(1).';

-- Sizes only: texts are fetched for what is chosen. (OFFSET 0: an outline would
-- be made each time that it is named.)
CREATE FUNCTION _parseltongue.pt_context_items(
	keys text[],
	max_results bigint,
	bytes_per_token float8,
	edge_types text[],
	min_confidence float8,
	avoid text[],
	within text[],
	missing_ok boolean,
	graph regclass
) RETURNS TABLE (place bigint, key text, relation text, distance integer, certain boolean, score float8, outline text, outline_tokens bigint, body_tokens bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 500
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.entities, '{name,entity_type,entity_class,file_path,line_start,line_end,signature,code}');
	RETURN QUERY EXECUTE format($query$
		SELECT row_number() OVER (ORDER BY i.given, i.score DESC, i.key COLLATE "C"), i.key, i.relation, i.distance, i.certain, i.score, i.outline,
			   ceil((octet_length(i.key) + octet_length(i.outline)) / $3)::bigint, ceil((octet_length(i.key) + i.body_bytes) / $3)::bigint
		FROM (
			SELECT p.key, p.score, p.certain, given, r.relation, r.distance, nullif(octet_length(e.code), 0) AS body_bytes,
				   coalesce(CASE jsonb_typeof(e.signature) WHEN 'string' THEN nullif(e.signature #>> '{}', '')
							-- as an export of another tool names it, or pt-index and what is imported of SCIP
							WHEN 'object' THEN coalesce(nullif(e.signature ->> 'signature', ''), nullif(e.signature ->> 'text', '')) END,
							_parseltongue.pt_first_line(e.code),
							concat_ws(' ', e.entity_type, coalesce(e.name, @extschema@.pt_key_name(p.key)), e.file_path || coalesce(':' || e.line_start || coalesce('-' || e.line_end, ''), ''))) AS outline
			FROM (SELECT DISTINCT ON (key COLLATE "C") * FROM _parseltongue.pt_push($1, $2, edge_types => $4, min_confidence => $5,
						avoid => $6, within => $7, missing_ok => $8, graph => $9) ORDER BY key COLLATE "C") AS p
			LEFT JOIN %s AS e ON e.key = p.key,
			LATERAL (SELECT array_position($1, p.key)) AS g (given),
			LATERAL (SELECT
				CASE WHEN given IS NOT NULL THEN 'self'
					WHEN caller_distance <= coalesce(callee_distance, caller_distance) THEN
						CASE WHEN @extschema@.pt_is_test(e.entity_class, e.entity_type, e.file_path) THEN 'test' ELSE 'caller' END
					WHEN callee_distance IS NULL THEN 'related'
					WHEN _parseltongue.pt_type_class(e.entity_type) = 'type' THEN 'type'
					ELSE 'callee' END,
				CASE WHEN given IS NOT NULL THEN 0 ELSE least(caller_distance, callee_distance) END) AS r (relation, distance)
			-- a placeholder has nothing to show
			WHERE given IS NOT NULL OR e.key IS NOT NULL OR @extschema@.pt_key_kind(p.key) = 'local'
			OFFSET 0
		) AS i
		ORDER BY 1$query$, tables.entities)
		USING keys, max_results, bytes_per_token, edge_types, min_confidence, avoid, within, missing_ok, coalesce(graph, tables.edges);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_context_items(text[], bigint, float8, text[], float8, text[], text[], boolean, regclass) IS
'Internal: what pt_context may show, keys first, then by score. outline: signature, first line of the code, or type, name and place; tokens include the key. body_tokens is NULL where there is no code.';

-- Greedy by value for tokens, whole items only. Outlines are worth half of an
-- item's score, a body the other half; each is taken if it fits. What was asked
-- about comes first, as long as it fits.
CREATE FUNCTION _parseltongue.pt_context_pack(self boolean[], scores float8[], outline_tokens bigint[], body_tokens bigint[], max_tokens bigint) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	shown integer[] := array_fill(0, ARRAY[coalesce(cardinality(scores), 0)]);
	remaining bigint := max_tokens;
	step record;
BEGIN
	FOR step IN
		WITH item AS (
			SELECT i, s, v, o, b FROM unnest(self, scores, outline_tokens, body_tokens) WITH ORDINALITY AS u (s, v, o, b, i)
		)
		SELECT * FROM (
			SELECT i, s AS is_self, 0 AS was, 2 AS shows, b AS cost, CASE WHEN s THEN 0 ELSE v / b END AS worth FROM item WHERE b IS NOT NULL AND (s OR b < 2 * o)
			UNION ALL
			SELECT i, s, 0, 1, o, CASE WHEN s THEN 0 ELSE v / 2 / o END FROM item
			UNION ALL
			SELECT i, s, 1, 2, b - o, v / 2 / (b - o) FROM item WHERE NOT s AND b >= 2 * o
		) AS t ORDER BY is_self DESC, worth DESC, i, was, shows DESC
	LOOP
		IF step.cost <= remaining AND shown[step.i] = step.was THEN
			shown[step.i] := step.shows;
			remaining := remaining - step.cost;
		END IF;
	END LOOP;
	RETURN shown;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_context_pack(boolean[], float8[], bigint[], bigint[], bigint) IS
'Internal: what of each item pt_context shows: 0 nothing, 1 its outline, 2 its body.';

CREATE FUNCTION @extschema@.pt_context(
	keys text[],
	max_tokens bigint DEFAULT 4000,
	bytes_per_token float8 DEFAULT 4,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (place bigint, key text, relation text, distance integer, certain boolean, tokens bigint, content text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 100000 ROWS 100
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	-- for the two rows at the end
	note_bytes CONSTANT integer := 240;
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	places bigint[];
	items text[];
	relations text[];
	distances integer[];
	certains boolean[];
	scores float8[];
	outlines text[];
	outline_tokens bigint[];
	body_tokens bigint[];
	shown integer[];
	possible text;
	omitted text;
	note_tokens bigint;
BEGIN
	IF max_tokens IS NULL OR bytes_per_token IS NULL THEN
		RAISE EXCEPTION '% must not be NULL', CASE WHEN max_tokens IS NULL THEN 'max_tokens' ELSE 'bytes_per_token' END USING ERRCODE = 'null_value_not_allowed';
	ELSIF NOT bytes_per_token BETWEEN 1 AND 16 THEN
		RAISE EXCEPTION 'bytes_per_token must be between 1 and 16: %', bytes_per_token USING ERRCODE = 'invalid_parameter_value';
	END IF;
	note_tokens := ceil(2 * note_bytes / bytes_per_token);
	IF max_tokens < note_tokens THEN
		RAISE EXCEPTION 'max_tokens is too small: %', max_tokens USING ERRCODE = 'invalid_parameter_value',
			HINT = format('Give at least %s.', note_tokens);
	END IF;
	keys := _parseltongue.pt_respell(keys, tables.edges);
	SELECT array_agg(i.place), array_agg(i.key), array_agg(i.relation), array_agg(i.distance), array_agg(i.certain),
		   array_agg(i.score), array_agg(i.outline), array_agg(i.outline_tokens), array_agg(i.body_tokens)
	INTO places, items, relations, distances, certains, scores, outlines, outline_tokens, body_tokens
	FROM _parseltongue.pt_context_items(keys, least(5000, 50 + max_tokens * bytes_per_token / 80)::bigint, bytes_per_token, edge_types, min_confidence, avoid, within, missing_ok, graph) AS i;
	shown := _parseltongue.pt_context_pack((SELECT array_agg(r = 'self' ORDER BY n) FROM unnest(relations) WITH ORDINALITY AS u (r, n)),
										   scores, outline_tokens, body_tokens, max_tokens - note_tokens);
	RETURN QUERY EXECUTE format($query$
		SELECT row_number() OVER (ORDER BY n), u.key, relation, distance, certain, CASE shown WHEN 2 THEN body_tokens ELSE outline_tokens END,
			   CASE shown WHEN 2 THEN (SELECT e.code FROM %s AS e WHERE e.key = u.key) ELSE outline END
		FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS u (key, relation, distance, certain, outline, outline_tokens, body_tokens, shown, n)
		WHERE shown > 0
		ORDER BY n$query$, tables.entities)
		USING items, relations, distances, certains, outlines, outline_tokens, body_tokens, shown;
	SELECT format('left out: %s of %s entities near these%s; without its body: %s; all take %s tokens', count(*) FILTER (WHERE s = 0), count(*),
				  coalesce((SELECT ' (' || string_agg(c || ' ' || r, ', ' ORDER BY r COLLATE "C") || ')'
							FROM (SELECT r, count(*) FROM unnest(relations, shown) AS v (r, s) WHERE s = 0 GROUP BY r) AS w (r, c)), ''),
				  count(*) FILTER (WHERE s = 1 AND b IS NOT NULL), coalesce(sum(coalesce(greatest(b, o), o)), 0) + note_tokens)
	INTO omitted FROM unnest(shown, outline_tokens, body_tokens) AS u (s, o, b);
	SELECT format(E'references that may mean these and are not followed: %s%s\n%s', sum(p.count) FILTER (WHERE p.why <> 'unread'),
				  coalesce(' (' || string_agg(p.count || ' ' || p.why, ', ' ORDER BY p.why COLLATE "C") FILTER (WHERE p.count > 0 AND p.why <> 'unread') || ')', ''),
				  CASE WHEN max(p.as_of) IS NULL THEN 'which files were not read is not known'
					  WHEN max(p.count) FILTER (WHERE p.why = 'unread') = 0 THEN format('all files in their language were read on %s', to_char(max(p.as_of), 'YYYY-MM-DD HH24:MI'))
					  ELSE format('files in their language that pt-index did not read, or not all of, on %s: %s', to_char(max(p.as_of), 'YYYY-MM-DD HH24:MI'),
								  max(p.count) FILTER (WHERE p.why = 'unread')) END)
	INTO possible FROM @extschema@.pt_possible_callers_summary(keys, edge_types, min_confidence, missing_ok, coalesce(graph, tables.edges)) AS p;
	RETURN QUERY SELECT NULL::bigint, NULL::text, t.relation, NULL::integer, NULL::boolean, ceil(octet_length(t.content) / bytes_per_token)::bigint, t.content
	FROM (VALUES ('omitted', left(omitted, note_bytes)), ('possible', left(possible, note_bytes))) AS t (relation, content);
END $$;
COMMENT ON FUNCTION @extschema@.pt_context(text[], bigint, float8, text[], float8, text[], text[], boolean, regclass) IS
'Code to see before changing keys, of at most max_tokens together: keys themselves (relation self), what depends on them (caller, test), what they depend on (callee, type), others near (related), by personalised PageRank, as body or outline. The last two rows say what was left out (omitted) and what may be missing (possible). tokens: bytes of key and content by bytes_per_token. Errors as of pt_impact, 42809 not a codebase, 22023 bad argument.';
