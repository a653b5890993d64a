-- pt_impact_page, pt_rank: pages together are what pt_impact finds, in order
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE EXTENSION IF NOT EXISTS parseltongue;
SELECT pt_create_codebase('page');
SET parseltongue.graph = 'page.pt_edge';
INSERT INTO page.pt_edge (from_key, to_key)
SELECT DISTINCT 'k' || 1 + i * 7919 % 200, 'k' || 1 + (i * i) % 67 FROM generate_series(1, 500) AS i;

-- all pages, each behind the last key of the one before
CREATE FUNCTION page_all(keys text[], order_by text, size bigint) RETURNS TABLE (n bigint, place bigint, key text, distance integer, total bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	after text;
	row record;
	found_any boolean := true;
BEGIN
	n := 0;
	WHILE found_any LOOP
		found_any := false;
		FOR row IN SELECT * FROM pt_impact_page(keys, NULL, order_by => order_by, max_results => size, after_key => after) LOOP
			n := n + 1;
			place := row.place; key := row.key; distance := row.distance; total := row.total;
			after := row.key;
			found_any := true;
			RETURN NEXT;
		END LOOP;
	END LOOP;
END $$;

SELECT * FROM pt_impact_page('{k1}', order_by => 'rank');
SELECT ranked, ranked_at = now() AS now FROM pt_rank();
SELECT count(*) FROM page.pt_entity_rank;
SELECT count(*) AS different FROM (SELECT key, score, rank FROM page.pt_entity_rank EXCEPT SELECT node, score, rank FROM pt_pagerank()) AS d;

CREATE TEMP TABLE pages AS
SELECT o, s, p.* FROM unnest('{distance,rank,key}'::text[]) AS o, unnest('{1,7,1000}'::bigint[]) AS s, page_all('{k1,k5}', o, s) AS p;
SELECT o, s, count(*) = (SELECT count(*) FROM pt_impact('{k1,k5}', NULL)) AS all, count(DISTINCT p.key) = count(*) AS once, bool_and(n = place) AS places, bool_and(total = (SELECT count(*) FROM pt_impact('{k1,k5}', NULL))) AS totals,
	array_agg(p.key ORDER BY n) = array_agg(p.key ORDER BY CASE o WHEN 'distance' THEN p.distance WHEN 'rank' THEN r.rank END, p.key COLLATE "C") AS ordered
FROM pages AS p LEFT JOIN page.pt_entity_rank AS r ON r.key = p.key GROUP BY o, s ORDER BY o, s;
SELECT count(*) AS different FROM (SELECT key, distance FROM pages WHERE o = 'rank' AND s = 7 EXCEPT SELECT key, distance FROM pt_impact('{k1,k5}', NULL)) AS d;

-- how old ranks are; keys that came later have none, and are last
UPDATE page.pt_entity_rank SET ranked_at = '2000-01-01 00:00+00';
INSERT INTO page.pt_edge (from_key, to_key) VALUES ('a_later', 'k1');
SELECT key, rank, ranked_at < '2000-01-02' AS old, place = total AS last FROM pt_impact_page('{k1}', 1, order_by => 'rank', max_results => NULL) ORDER BY place DESC LIMIT 2;
SELECT key, rank IS NOT NULL AS ranked FROM pt_impact_page('{k1}', 1, order_by => 'key', max_results => 2);
SELECT ranked > 0 AS ranked FROM pt_rank('page.pt_edge_adjacency');
SELECT count(*) FROM pt_impact_page('{k1}', 1, order_by => 'rank', max_results => NULL) WHERE rank IS NULL OR ranked_at < '2000-01-02';

-- edges of the argument
SELECT count(*) FROM pt_impact_page('{k1}', max_results => 0);
SELECT count(*) = (SELECT count(*) FROM pt_impact('{k1}', NULL)) AS all FROM pt_impact_page('{k1}', NULL, max_results => NULL);
SELECT count(*) FROM pt_impact_page('{k1}', order_by => 'key', after_key => 'zzz');
SELECT key > 'k1b' COLLATE "C" AS behind FROM pt_impact_page('{k1}', NULL, order_by => 'key', max_results => 1, after_key => 'k1b');
SELECT count(*) FROM pt_impact_page('{k1}', 1, after_key => (SELECT key FROM pt_impact_page('{k1}', 1, max_results => NULL) ORDER BY place DESC LIMIT 1));
SELECT count(*) FROM pt_impact_page('{a_later}');
SELECT * FROM pt_impact_page('{k1}', after_key => 'nowhere');
SELECT * FROM pt_impact_page('{k1}', order_by => 'score');
SELECT * FROM pt_impact_page('{k1}', order_by => NULL);
SELECT * FROM pt_impact_page('{k1}', max_results => -1);
\set VERBOSITY sqlstate
SELECT * FROM pt_impact_page('{nowhere}');
SELECT * FROM pt_impact_page(NULL);
\set VERBOSITY default

-- who may read the codebase and no more
CREATE ROLE regress_page_reader;
GRANT USAGE ON SCHEMA page TO regress_page_reader;
GRANT SELECT ON page.pt_edge, page.pt_entity TO regress_page_reader;
SET ROLE regress_page_reader;
SELECT count(*) > 0 AS pages FROM pt_impact_page('{k1}', order_by => 'key');
\set VERBOSITY sqlstate
SELECT * FROM pt_impact_page('{k1}', order_by => 'rank');
SELECT * FROM pt_rank();
RESET ROLE;
DROP OWNED BY regress_page_reader;
DROP ROLE regress_page_reader;


-- ---------------------------------------------------------------------------
-- Searches and callers: pages together are what the function without pages finds,
-- in an order that is told by sorting it.
-- ---------------------------------------------------------------------------
\set VERBOSITY default
INSERT INTO page.pt_entity (key, name) SELECT 'k' || i, CASE WHEN i % 3 = 0 THEN 'parse_' || i % 20 ELSE 'other' || i END FROM generate_series(1, 200) AS i;
INSERT INTO page.pt_edge (from_key, to_key, edge_type, source_location, confidence)
SELECT DISTINCT ON (i % 50, t) 'k' || i % 50, 'k7', t, 'f' || i, c FROM generate_series(1, 170) AS i, LATERAL (VALUES ('Uses', 0.6 + (i % 4) * 0.1), ('Reads', NULL)) AS v (t, c) WHERE i % 5 = 0 OR t = 'Uses' ORDER BY i % 50, t, CASE t WHEN 'Uses' THEN i ELSE -i END
ON CONFLICT DO NOTHING;
SELECT pt_rank() IS NOT NULL AS ranked;
-- all pages of a statement, of which %L is after_key
CREATE FUNCTION page_rows(statement text) RETURNS TABLE (n bigint, place bigint, key text, total bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	after text;
	row record;
	found_any boolean := true;
BEGIN
	n := 0;
	WHILE found_any LOOP
		found_any := false;
		FOR row IN EXECUTE format(statement, after) LOOP
			n := n + 1;
			place := row.place; key := row.key; total := row.total;
			after := row.key;
			found_any := true;
			RETURN NEXT;
		END LOOP;
	END LOOP;
END $$;
SELECT q, o, s, bool_and(n = place) AS places, count(DISTINCT total) = 1 AND max(total) = count(*) AS totals,
	array_agg(p.key ORDER BY n) = (SELECT array_agg(f.key ORDER BY CASE o WHEN 'score' THEN -f.score WHEN 'rank' THEN r.rank END, f.key COLLATE "C") FROM pt_search(q, NULL) AS f LEFT JOIN page.pt_entity_rank AS r USING (key)) AS same
FROM unnest('{parse,parse_3,par,pasrse_1,k1}'::text[]) AS q, unnest('{score,rank,key}'::text[]) AS o, unnest('{1,7,1000}'::bigint[]) AS s,
	LATERAL page_rows(format('SELECT * FROM pt_search_page(%L, %L, %L, %%L)', q, o, s)) AS p
GROUP BY q, o, s ORDER BY q, o, s;
SELECT k, d, o, s, bool_and(n = place) AS places, count(DISTINCT total) = 1 AND max(total) = count(*) AS totals,
	array_agg(p.key ORDER BY n) = (
		SELECT array_agg(f.key ORDER BY CASE o WHEN 'confidence' THEN -f.confidence WHEN 'rank' THEN r.rank END, f.key COLLATE "C") FROM (
			SELECT from_key AS key, max(coalesce(confidence, 1)) AS confidence FROM page.pt_edge WHERE d = 'in' AND to_key = k AND coalesce(confidence, 1) >= 0.5 GROUP BY 1
			UNION ALL SELECT to_key, max(coalesce(confidence, 1)) FROM page.pt_edge WHERE d = 'out' AND from_key = k AND coalesce(confidence, 1) >= 0.5 GROUP BY 1) AS f LEFT JOIN page.pt_entity_rank AS r USING (key)) AS same
FROM unnest('{k7,k1}'::text[]) AS k, unnest('{in,out}'::text[]) AS d, unnest('{confidence,rank,key}'::text[]) AS o, unnest('{1,7,1000}'::bigint[]) AS s,
	LATERAL page_rows(format('SELECT * FROM pt_callers_page(%L, %L, %L, %L, %%L)', k, d, o, s)) AS p
GROUP BY k, d, o, s ORDER BY k, d, o, s;
SELECT place, key, edge_types, source_locations, confidence, total FROM pt_callers_page('k7', max_results => 3);
SELECT place, key, edge_types, source_locations, confidence, total FROM pt_callers_page('k7', order_by => 'key', max_results => 2, after_key => 'k11', edge_types => '{Uses}');
SELECT place, key, name, match, total FROM pt_search_page('parse_3', max_results => 3);
SELECT place, key, name, match, total FROM pt_search_page('parse_3', 'key', 2, 'k9');
-- the total alone; a page beyond the last one
SELECT place, key, total FROM pt_callers_page('k7', max_results => 0);
SELECT place, key, total = (SELECT count(*) FROM pt_search('parse', NULL)) AS total FROM pt_search_page('parse', max_results => 0);
SELECT place, key, total = (SELECT count(*) FROM pt_impact('{k1}', NULL)) AS total FROM pt_impact_page('{k1}', NULL, max_results => 0);
SELECT count(*) FROM pt_search_page('parse', 'key', after_key => 'z');
SELECT count(*) FROM pt_callers_page('k7', order_by => 'key', after_key => 'z');
-- arguments
SELECT * FROM pt_callers_page('k7', 'both');
SELECT * FROM pt_callers_page('k7', NULL);
SELECT * FROM pt_callers_page('k7', order_by => 'distance');
SELECT * FROM pt_callers_page('k7', max_results => -1);
SELECT * FROM pt_callers_page('k7', after_key => 'nowhere');
SELECT * FROM pt_search_page('parse', 'distance');
SELECT * FROM pt_search_page('parse', NULL);
SELECT * FROM pt_search_page('parse', max_results => -1);
SELECT * FROM pt_search_page('parse', after_key => 'nowhere');
\set VERBOSITY sqlstate
SELECT * FROM pt_callers_page('nowhere');
SELECT count(*) FROM pt_callers_page('nowhere', missing_ok => true);
SELECT * FROM pt_search_page('');
SELECT * FROM pt_search_page('parse', kinds => '{none}');
SELECT * FROM pt_callers_page('k7', graph => 'pg_class');
\set VERBOSITY default
-- of a graph without entities, which has no ranks
CREATE TABLE page_edges (a text, b text);
CREATE INDEX ON page_edges USING adjacency (a, b);
INSERT INTO page_edges VALUES ('pine', 'oak'), ('pine tree', 'oak'), ('spine', 'pine');
SELECT place, key, match, rank, total FROM pt_search_page('pine', max_results => 2, graph => 'page_edges');
SELECT * FROM pt_search_page('pine', 'rank', graph => 'page_edges');
DROP TABLE page_edges;

DROP FUNCTION page_all, page_rows;
DROP TABLE pages;
RESET parseltongue.graph;
SELECT pt_drop_codebase('page');
