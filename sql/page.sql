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
		FOR row IN SELECT * FROM pt_impact_page(keys, NULL, order_by => order_by, max_rows => size, after_key => after) LOOP
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
SELECT key, rank, ranked_at < '2000-01-02' AS old, place = total AS last FROM pt_impact_page('{k1}', 1, order_by => 'rank', max_rows => NULL) ORDER BY place DESC LIMIT 2;
SELECT key, rank IS NOT NULL AS ranked FROM pt_impact_page('{k1}', 1, order_by => 'key', max_rows => 2);
SELECT ranked > 0 AS ranked FROM pt_rank('page.pt_edge_adjacency');
SELECT count(*) FROM pt_impact_page('{k1}', 1, order_by => 'rank', max_rows => NULL) WHERE rank IS NULL OR ranked_at < '2000-01-02';

-- edges of the argument
SELECT count(*) FROM pt_impact_page('{k1}', max_rows => 0);
SELECT count(*) = (SELECT count(*) FROM pt_impact('{k1}', NULL)) AS all FROM pt_impact_page('{k1}', NULL, max_rows => NULL);
SELECT count(*) FROM pt_impact_page('{k1}', order_by => 'key', after_key => 'zzz');
SELECT key > 'k1b' COLLATE "C" AS behind FROM pt_impact_page('{k1}', NULL, order_by => 'key', max_rows => 1, after_key => 'k1b');
SELECT count(*) FROM pt_impact_page('{k1}', 1, after_key => (SELECT key FROM pt_impact_page('{k1}', 1, max_rows => NULL) ORDER BY place DESC LIMIT 1));
SELECT count(*) FROM pt_impact_page('{a_later}');
SELECT * FROM pt_impact_page('{k1}', after_key => 'nowhere');
SELECT * FROM pt_impact_page('{k1}', order_by => 'score');
SELECT * FROM pt_impact_page('{k1}', order_by => NULL);
SELECT * FROM pt_impact_page('{k1}', max_rows => -1);
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

DROP FUNCTION page_all;
DROP TABLE pages;
RESET parseltongue.graph;
SELECT pt_drop_codebase('page');
