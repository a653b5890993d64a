--
-- Nodes that are integers, in the ways in which a build numbers them: from nothing
-- to the end side by side, with gaps, far apart, and of both kinds in turns.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_numbers;
SET search_path = pt_numbers, public;
SET jit = off;				-- would compile for longer than it runs

-- 4,000 nodes and 8,000 edges: i -> 2i, 2i + 1 modulo the number of nodes. A node is
-- named by an expression over i, and edges come in an order that is one, too.
CREATE FUNCTION fill(graph text, type text, node text, in_order text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE %1$s (a %2$s NOT NULL, b %2$s NOT NULL)', graph, type);
	EXECUTE format('INSERT INTO %1$s SELECT (%3$s)::%2$s, (%4$s)::%2$s
		FROM generate_series(0, 3999) AS edge_from (i), generate_series(0, 1) AS edge (j) ORDER BY %5$s, j',
		graph, type, replace(node, '@', 'i::bigint'), replace(node, '@', '((2 * i + j) % 4000)::bigint'), in_order);
	EXECUTE format('CREATE INDEX ON %s USING adjacency (a, b)', graph);
END $$;

-- What differs from the table: edges by node, and what some nodes reach.
CREATE FUNCTION wrong(graph text) RETURNS TABLE (what text, node text, expected bigint, answer bigint) LANGUAGE plpgsql AS $$
DECLARE
	start text;
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT 'degree', coalesce(d.node::text, e.node::text), e.degree, d.degree
		FROM pt_degree(%1$L, NULL::bigint) AS d
		FULL JOIN (SELECT x.node, count(*) AS degree
			FROM %1$s, LATERAL (SELECT a UNION ALL SELECT b) AS x (node) GROUP BY 1) AS e ON e.node = d.node
		WHERE d.degree IS DISTINCT FROM e.degree$q$, graph);
	FOR start IN EXECUTE format('(SELECT a::text FROM %1$s ORDER BY a LIMIT 2) UNION (SELECT a::text FROM %1$s ORDER BY a DESC LIMIT 2)', graph) LOOP
		RETURN QUERY EXECUTE format($q$
			WITH RECURSIVE walk (node, distance) AS (
				SELECT %2$L::bigint, 0 UNION SELECT b, distance + 1 FROM walk JOIN %1$s ON a = walk.node WHERE distance < 8)
			SELECT 'distance from ' || %2$L, coalesce(w.node::text, e.node::text), e.distance, w.distance::bigint
			FROM pt_bfs(%1$L, %2$L::bigint, 8) AS w
			FULL JOIN (SELECT walk.node, min(walk.distance)::bigint AS distance FROM walk GROUP BY 1) AS e ON e.node = w.node
			WHERE w.distance IS DISTINCT FROM e.distance$q$, graph, start);
	END LOOP;
END $$;

CREATE TABLE shapes (graph text, type text, node text, in_order text);
INSERT INTO shapes VALUES
	('ascending', 'bigint', '@', 'i'),
	('descending', 'bigint', '@', '-i'),
	('shuffled', 'bigint', '@', 'hashint4(i)'),
	('small', 'smallint', '@', 'hashint4(i)'),
	('every_7th', 'integer', '7 * @', 'i'),
	('every_8th', 'integer', '8 * @', 'hashint4(i)'),
	('every_9th', 'integer', '9 * @', 'i'),
	('far_apart', 'bigint', '@ * 1000000007', 'i'),
	('from_afar', 'bigint', '1000000000000 + @', 'i'),
	('both_signs', 'bigint', '@ - 2000', 'hashint4(i)'),
	('extremes', 'bigint', 'CASE @ % 3 WHEN 0 THEN @ WHEN 1 THEN 9223372036854775807 - @ ELSE -9223372036854775807 - 1 + @ END', 'i'),
	('some_far', 'bigint', 'CASE WHEN @ % 4 = 0 THEN @ * 1000000007 ELSE @ END', 'i'),
	('far_first', 'bigint', 'CASE WHEN @ % 4 = 0 THEN @ * 1000000007 ELSE @ END', '-(i % 4 = 0)::integer'),
	('far_last', 'bigint', 'CASE WHEN @ % 4 = 0 THEN @ * 1000000007 ELSE @ END', '(i % 4 = 0)::integer');
SELECT count(fill(graph, type, node, in_order)) FROM shapes;
ANALYZE;
SELECT graph, w.* FROM shapes, wrong(graph) AS w ORDER BY 1, 2, 3 LIMIT 20;

-- numbers that come later, and a base that is built of both
INSERT INTO ascending SELECT 3999 + i, 4000 + i FROM generate_series(0, 5000) AS i;
INSERT INTO far_apart SELECT i, (i + 1) * 1000000007 FROM generate_series(1, 3000::bigint) AS i;
SELECT graph, w.* FROM shapes, wrong(graph) AS w WHERE graph IN ('ascending', 'far_apart') ORDER BY 1, 2, 3 LIMIT 20;
REINDEX INDEX ascending_a_b_idx;
REINDEX INDEX far_apart_a_b_idx;
SELECT graph, w.* FROM shapes, wrong(graph) AS w WHERE graph IN ('ascending', 'far_apart') ORDER BY 1, 2, 3 LIMIT 20;

DROP SCHEMA pt_numbers CASCADE;
