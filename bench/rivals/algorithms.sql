-- What people write in SQL who want to know the components of a graph, or PageRank: tables that are made anew,
-- step by step, each from the one before.
CREATE OR REPLACE FUNCTION sql_components(edges regclass) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	changed bigint;
	answer bigint;
BEGIN
	-- each edge both ways; a node's label is the least that it or a neighbour had
	CREATE TEMP TABLE links (a bigint, b bigint) ON COMMIT DROP;
	EXECUTE format('INSERT INTO links SELECT a, b FROM %s UNION SELECT b, a FROM %1$s', edges);
	CREATE TEMP TABLE labels ON COMMIT DROP AS SELECT DISTINCT a AS node, a AS label FROM links;
	ANALYZE links, labels;
	LOOP
		CREATE TEMP TABLE next ON COMMIT DROP AS
			SELECT a AS node, least(min(l.label), min(m.label)) AS label
			FROM links JOIN labels AS l ON l.node = b JOIN labels AS m ON m.node = a GROUP BY a;
		SELECT count(*) INTO changed FROM next JOIN labels USING (node) WHERE next.label <> labels.label;
		DROP TABLE labels;
		ALTER TABLE next RENAME TO labels;
		ANALYZE labels;
		EXIT WHEN changed = 0;
	END LOOP;
	SELECT count(DISTINCT label) INTO answer FROM labels;
	DROP TABLE labels, links;
	RETURN answer;
END $$;

CREATE OR REPLACE FUNCTION sql_pagerank(edges regclass, iterations int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
	answer float8;
BEGIN
	CREATE TEMP TABLE ranks (node bigint, degree bigint, rank float8) ON COMMIT DROP;
	EXECUTE format('INSERT INTO ranks SELECT node, sum(degree), 0 FROM (SELECT a AS node, 1 AS degree FROM %s
		UNION ALL SELECT b, 0 FROM %1$s) AS ends GROUP BY node', edges);
	SELECT count(*) INTO n FROM ranks;
	UPDATE ranks SET rank = 1.0 / n;
	ANALYZE ranks;
	FOR i IN 1 .. iterations LOOP
		EXECUTE format('CREATE TEMP TABLE next ON COMMIT DROP AS
			WITH given AS (SELECT e.b AS node, sum(r.rank / r.degree) AS rank FROM %s AS e JOIN ranks AS r ON r.node = e.a GROUP BY e.b)
			SELECT r.node, r.degree, 0.15 / %s + 0.85 * (coalesce(g.rank, 0)
				+ (SELECT coalesce(sum(rank), 0) FROM ranks WHERE degree = 0) / %2$s) AS rank
			FROM ranks AS r LEFT JOIN given AS g USING (node)', edges, n);
		DROP TABLE ranks;
		ALTER TABLE next RENAME TO ranks;
		ANALYZE ranks;
	END LOOP;
	SELECT max(rank) INTO answer FROM ranks;
	DROP TABLE ranks;
	RETURN answer;
END $$;
