-- what test/client.js asks about
CREATE EXTENSION IF NOT EXISTS parseltongue;
SELECT pt_insert_entities('[
    {"key": "c:fn:main:src/main.c:1-20", "name": "main", "entity_type": "function", "language": "c", "file_path": "src/main.c",
     "code": "int main(void)\n{\n    return run();\n}"},
    {"key": "c:fn:run:src/main.c:22-40", "name": "run", "entity_type": "function", "language": "c", "file_path": "src/main.c",
     "code": "int run(void)\n{\n    return parse(stdin);\n}"},
    {"key": "c:fn:parse:src/parse.c:5-90", "name": "parse", "entity_type": "function", "language": "c", "file_path": "src/parse.c",
     "signature": "int parse(FILE *file);"},
    {"key": "c:fn:check_parse:test/parse.c:1-9", "name": "check_parse", "entity_type": "function", "language": "c", "file_path": "test/parse.c",
     "entity_class": "TEST"}]');
SELECT pt_insert_edges('[
    {"from_key": "c:fn:main:src/main.c:1-20", "to_key": "c:fn:run:src/main.c:22-40"},
    {"from_key": "c:fn:run:src/main.c:22-40", "to_key": "c:fn:parse:src/parse.c:5-90", "source_location": "src/main.c:30"},
    {"from_key": "c:fn:check_parse:test/parse.c:1-9", "to_key": "c:fn:parse:src/parse.c:5-90"},
    {"from_key": "c:fn:tool:extra/tool.c:1-9", "to_key": "c:fn:parse:unresolved-reference:0-0", "source_location": "extra/tool.c:4"}]');
INSERT INTO pt_left_out (file_path, language, reason, indexed_at) VALUES ('', NULL, NULL, '2026-01-02 03:04+00'), ('src/big.c', 'c', 'large', '2026-01-02 03:03+00'),
    ('src/odd.c', 'c', 'syntax', '2026-01-02 03:03+00'), ('tool.py', 'python', 'binary', '2026-01-02 03:03+00'), ('notes.txt', NULL, 'kind', '2026-01-02 03:03+00');
