-- Walks against the recursive query. Variables: table, runs, cte_runs.
\pset format unaligned
\pset tuples_only on
\echo
\echo '## Reading' :table
\echo
SELECT clock_timestamp() AS t0 \gset
SELECT edges AS edges, image_bytes, image_place FROM pt_graph_status(:'table') \gset
SELECT format('- image build: %s ns an edge (%s edges, %s MB, %s)',
	round(extract(epoch FROM clock_timestamp() - :'t0'::timestamptz) * 1e9 / :edges),
	:edges, round(:image_bytes / 1e6), :'image_place');
SELECT bench_time(format('SELECT sum(entities) FROM pt_blast_radius_summary(%L, NULL, %L, graph => %L)', '5', 'in', :'table'), :runs) AS walk \gset
SELECT bench_time(format('WITH RECURSIVE r(x) AS (SELECT 5::bigint UNION SELECT e.a FROM r JOIN %s e ON e.b = r.x) SELECT count(*) - 1 FROM r', :'table'), :cte_runs) AS cte \gset
SELECT format('- all that reaches node 5: %s us, recursive CTE %s us, ratio %s', :walk, :cte, round(:cte / :walk));
SELECT bench_time(format('SELECT sum(entities) FROM pt_blast_radius_summary(%L, NULL, %L, graph => %L)', '777', 'out', :'table'), :runs) AS walk \gset
SELECT bench_time(format('WITH RECURSIVE r(x) AS (SELECT 777::bigint UNION SELECT e.b FROM r JOIN %s e ON e.a = r.x) SELECT count(*) - 1 FROM r', :'table'), :cte_runs) AS cte \gset
SELECT format('- all that node 777 reaches: %s us, recursive CTE %s us, ratio %s', :walk, :cte, round(:cte / :walk));
SELECT format('- 1 hop, %s rows: %s us', (SELECT count(*) FROM pt_blast_radius('777', 1, 'both', graph => :'table')),
	bench_time_radius(:'table', '777', 1, 'both', 200));
SELECT format('- 2 hops out, %s rows: %s us', (SELECT count(*) FROM pt_blast_radius('777', 2, 'out', graph => :'table')),
	bench_time_radius(:'table', '777', 2, 'out', 200));
