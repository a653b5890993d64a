-- Loaded by tests into the schema that is first in search_path.
--
-- The oracle: what recursive queries over the table find, against what the
-- functions find, in one statement and so under one snapshot. Each row is a
-- difference; none is success. Graphs have columns a, b and, with labels, kind.
-- Starts are drawn from the nodes by the seed; an oracle that finds nothing
-- to compare says so.
CREATE FUNCTION differences(graph regclass, seed integer, bounds integer[] DEFAULT '{1,2,12}', filters text DEFAULT 'NULL', starts integer DEFAULT 5)
RETURNS TABLE (what text, direction text, bound integer, filter text, start text, node text, distance integer, times bigint)
LANGUAGE plpgsql AS $$
DECLARE
	node_type text;
	start_type text;
	labelled boolean;
	limits text;
BEGIN
	SELECT format_type(atttypid, NULL) INTO node_type FROM pg_attribute WHERE attrelid = graph AND attname = 'a';
	labelled := EXISTS (SELECT FROM pg_attribute WHERE attrelid = graph AND attname = 'kind');
	start_type := CASE node_type WHEN 'character varying' THEN 'text' ELSE node_type END;
	FOREACH direction IN ARRAY ARRAY['in', 'out', 'both'] LOOP
		FOREACH bound IN ARRAY bounds LOOP
			FOREACH filter IN ARRAY string_to_array(filters, ' ') LOOP
				-- without a bound the recursion is over nodes alone, and only the set is compared
				limits := CASE WHEN bound IS NULL THEN '0' ELSE 'walk.distance + 1' END;
				RETURN QUERY EXECUTE format($query$
					WITH RECURSIVE arcs AS MATERIALIZED (
						SELECT a AS s, b AS d FROM %1$s WHERE %2$L <> 'in' AND a IS NOT NULL AND b IS NOT NULL %3$s
						UNION ALL
						SELECT b, a FROM %1$s WHERE %2$L <> 'out' AND a IS NOT NULL AND b IS NOT NULL %3$s
					), starts AS MATERIALIZED (
						SELECT s FROM (
							SELECT a AS s FROM %1$s WHERE b IS NOT NULL UNION SELECT b FROM %1$s WHERE a IS NOT NULL) n
						WHERE s IS NOT NULL
						ORDER BY md5(s::text || %6$s) LIMIT %7$s
					), walk (start, node, distance) AS (
						SELECT s, s, 0 FROM starts
						UNION
						SELECT walk.start, arcs.d, %9$s FROM walk JOIN arcs ON arcs.s = walk.node
						WHERE %4$s::integer IS NULL OR walk.distance < %4$s
					), expected AS MATERIALIZED (
						SELECT walk.start, walk.node, min(walk.distance) AS distance FROM walk GROUP BY 1, 2
					), bfs AS MATERIALIZED (
						SELECT starts.s AS start, b.* FROM starts,
							pt_bfs(%1$L, starts.s::%8$s, %4$s, %2$L, %5$s) b
					), radius AS MATERIALIZED (
						SELECT starts.s AS start, b.* FROM starts,
							pt_blast_radius(starts.s::text, %4$s, %2$L, %5$s, graph => %1$L) b
					), summary AS MATERIALIZED (
						SELECT starts.s AS start, b.* FROM starts,
							pt_blast_radius_summary(starts.s::text, %4$s, %2$L, %5$s, graph => %1$L) b
					), counted AS MATERIALIZED (
						SELECT starts.s AS start,
							pt_blast_radius_count(starts.s::text, %4$s, %2$L, %5$s, graph => %1$L) AS n FROM starts
					), together AS MATERIALIZED (
						SELECT * FROM pt_multi_source_bfs(%1$L, ARRAY(SELECT s FROM starts)::%8$s[], %4$s, %2$L, %5$s)
					), flat (what, start, node, distance) AS (
						SELECT 'pt_bfs', start::text, node::text, CASE WHEN %4$s::integer IS NULL THEN 0 ELSE distance END FROM bfs
						UNION ALL
						SELECT 'pt_blast_radius', start::text, key, CASE WHEN %4$s::integer IS NULL THEN 0 ELSE distance END FROM radius
						UNION ALL
						SELECT 'pt_blast_radius_summary', start::text, sum(entities)::text, CASE WHEN %4$s::integer IS NULL THEN 0 ELSE distance END FROM summary
						GROUP BY 2, 4
						UNION ALL
						SELECT 'pt_blast_radius_count', start::text, n::text, 0 FROM counted
						UNION ALL
						SELECT 'pt_bfs array', NULL, node::text, CASE WHEN %4$s::integer IS NULL THEN 0 ELSE distance END FROM together
					), right_ (what, start, node, distance) AS (
						SELECT 'pt_bfs', start::text, node::text, distance FROM expected
						UNION ALL
						SELECT 'pt_blast_radius', start::text, node::text, distance FROM expected WHERE node <> start
						UNION ALL
						SELECT 'pt_blast_radius_summary', start::text, count(*)::text, distance FROM expected WHERE node <> start GROUP BY 2, 4
						UNION ALL
						SELECT 'pt_blast_radius_count', start::text, count(*) FILTER (WHERE node <> start)::text, 0 FROM expected GROUP BY 2
						UNION ALL
						SELECT 'pt_bfs array', NULL, node::text, min(distance) FROM expected GROUP BY 3
					), wrong AS (
						(SELECT 'missing: ' || what AS what, start, node, distance FROM (SELECT * FROM right_ EXCEPT ALL SELECT * FROM flat) m)
						UNION ALL
						(SELECT 'surplus: ' || what, start, node, distance FROM (SELECT * FROM flat EXCEPT ALL SELECT * FROM right_) s)
						UNION ALL
						-- a parent is one step nearer, and an edge leads from it to the node
						SELECT 'parent: pt_bfs', start::text, node::text, distance FROM bfs c
						WHERE CASE WHEN distance = 0 THEN parent IS NOT NULL OR node <> start ELSE
							NOT EXISTS (SELECT FROM bfs p WHERE p.start = c.start AND p.node = c.parent AND p.distance = c.distance - 1)
							OR NOT EXISTS (SELECT FROM arcs WHERE s = c.parent AND d = c.node) END
						UNION ALL
						SELECT 'parent: pt_bfs array', NULL, node::text, distance FROM together c
						WHERE CASE WHEN distance = 0 THEN parent IS NOT NULL ELSE
							NOT EXISTS (SELECT FROM together p WHERE p.node = c.parent AND p.distance = c.distance - 1)
							OR NOT EXISTS (SELECT FROM arcs WHERE s = c.parent AND d = c.node) END
						UNION ALL
						SELECT 'nothing compared', NULL, NULL, NULL WHERE NOT EXISTS (SELECT FROM expected)
					)
					SELECT what, %2$L, %4$s::integer, %5$L, start, node, distance, count(*) FROM wrong
					GROUP BY what, start, node, distance LIMIT 5$query$,
					graph, direction, CASE WHEN filter <> 'NULL' THEN format('AND kind::text = ANY (%L::text[])', filter) END,
					coalesce(bound::text, 'NULL'), CASE filter WHEN 'NULL' THEN 'NULL' ELSE quote_literal(filter) END,
					seed, starts, start_type, limits);
			END LOOP;
		END LOOP;
	END LOOP;
	-- callers and callees of the same starts, as multisets of edges
	RETURN QUERY EXECUTE format($query$
		WITH starts AS MATERIALIZED (
			SELECT s FROM (
				SELECT a AS s FROM %1$s WHERE b IS NOT NULL UNION SELECT b FROM %1$s WHERE a IS NOT NULL) n
			WHERE s IS NOT NULL
			ORDER BY md5(s::text || %2$s) LIMIT %3$s
		), flat AS (
			SELECT 'pt_callers' AS what, s::text AS start, c.from_key, c.to_key, c.edge_type FROM starts, pt_callers(s::text, graph => %1$L) c
			UNION ALL
			SELECT 'pt_callees', s::text, c.from_key, c.to_key, c.edge_type FROM starts, pt_callees(s::text, graph => %1$L) c
		), right_ AS (
			SELECT 'pt_callers', s::text, a::text, b::text, %4$s::text FROM starts JOIN %1$s ON b = s WHERE a IS NOT NULL
			UNION ALL
			SELECT 'pt_callees', s::text, a::text, b::text, %4$s::text FROM starts JOIN %1$s ON a = s WHERE b IS NOT NULL
		)
		SELECT 'missing: ' || what, NULL, NULL::integer, edge_type, from_key, to_key, NULL::integer, 1::bigint
		FROM (SELECT * FROM right_ EXCEPT ALL SELECT * FROM flat) m (what, start, from_key, to_key, edge_type)
		UNION ALL
		SELECT 'surplus: ' || what, NULL, NULL, edge_type, from_key, to_key, NULL, 1
		FROM (SELECT * FROM flat EXCEPT ALL SELECT * FROM right_) s (what, start, from_key, to_key, edge_type)$query$,
		graph, seed, starts, CASE WHEN labelled THEN 'kind' ELSE 'NULL' END);
END $$;
