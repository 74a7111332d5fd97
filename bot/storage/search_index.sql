-- The search index, SQLite's own: rows by the `id` of `indexed`, questions by a thousand of it.

CREATE VIRTUAL TABLE documents USING fts5 (
    title, lessons, asks, keywords, body, tokenize = 'porter unicode61'
);
CREATE VIRTUAL TABLE cards USING fts5 (
    title, lessons, asks, keywords, body, tokenize = 'porter unicode61'
);
CREATE VIRTUAL TABLE asks USING fts5 (text, tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE ask_terms USING fts5vocab (asks, row);
