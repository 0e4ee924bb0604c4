//! Texts side by side on a terminal: a table of up to three columns, else a block for each row.
//!
//! **Invariant:** no line is wider than [`WIDTH`] unless a single word is.

/// Characters of a line, as narrow as terminals come.
pub(crate) const WIDTH: usize = 100;
/// With more, a column holds too few words.
const MOST_COLUMNS: usize = 3;
const GAP: usize = 2;

/// What one column says in one row: paragraphs.
type Cell = Vec<String>;

pub(crate) struct Row {
    pub(crate) title: String,
    /// One for each column.
    pub(crate) cells: Vec<Cell>,
}

/// The lines of it all.
pub(crate) fn lines(columns: &[String], rows: &[Row]) -> Vec<String> {
    if columns.len() <= MOST_COLUMNS {
        table(columns, rows)
    } else {
        blocks(columns, rows)
    }
}

fn table(columns: &[String], rows: &[Row]) -> Vec<String> {
    let first = widest(rows.iter().map(|row| row.title.as_str()));
    let gaps = GAP * columns.len();
    let width = (WIDTH - first - gaps) / columns.len().max(1);
    let mut lines = Vec::new();
    let heads: Vec<Vec<String>> = columns.iter().map(|name| wrapped(name, width)).collect();
    print(&mut lines, "", first, &heads, width);
    for row in rows {
        lines.push(String::new());
        let cells: Vec<Vec<String>> = row
            .cells
            .iter()
            .map(|cell| cell.iter().flat_map(|text| wrapped(text, width)).collect())
            .collect();
        print(&mut lines, &row.title, first, &cells, width);
    }
    lines
}

/// Cells beside each other, each as high as it is.
fn print(lines: &mut Vec<String>, title: &str, first: usize, cells: &[Vec<String>], width: usize) {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
    for at in 0..height {
        let mut line = padded(if at == 0 { title } else { "" }, first);
        for cell in cells {
            line.push_str(&" ".repeat(GAP));
            line.push_str(&padded(cell.get(at).map_or("", String::as_str), width));
        }
        lines.push(line.trim_end().to_owned());
    }
}

fn blocks(columns: &[String], rows: &[Row]) -> Vec<String> {
    let first = widest(columns.iter().map(String::as_str)).min(WIDTH / 3);
    let mut lines = Vec::new();
    for row in rows {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(row.title.clone());
        for (name, cell) in columns.iter().zip(&row.cells) {
            let width = WIDTH - first - 2 * GAP;
            let said = cell.join("; ");
            for (at, part) in wrapped(&said, width).into_iter().enumerate() {
                let name = if at == 0 { name.as_str() } else { "" };
                let line = format!("  {}  {part}", padded(&cut(name, first), first));
                lines.push(line.trim_end().to_owned());
            }
        }
    }
    lines
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.to_owned(),
        Some(_) => text.chars().take(width - 1).chain(['…']).collect(),
    }
}

/// Words on lines of `width` characters; a longer word is cut into pieces.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        while !rest.is_empty() {
            let line = lines.last_mut().expect("there is always one");
            let used = line.chars().count();
            let space = usize::from(used > 0);
            if used + space + rest.len() <= width {
                line.extend(std::iter::repeat_n(' ', space));
                line.extend(rest.drain(..));
            } else if used > 0 {
                lines.push(String::new());
            } else {
                line.extend(rest.drain(..width));
                lines.push(String::new());
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(columns: usize) -> Vec<Row> {
        let cell = || {
            vec![
                "the first".to_owned(),
                "a much longer sentence that has to go on in the next line, and the one after that"
                    .to_owned(),
            ]
        };
        let titles = ["unit", "local development"];
        titles
            .map(|title| Row {
                title: title.to_owned(),
                cells: (0..columns).map(|_| cell()).collect(),
            })
            .into()
    }

    #[test]
    fn every_line_fits_however_many_columns_there_are() {
        for columns in 1..=6 {
            let names: Vec<String> = (0..columns)
                .map(|at| format!("a place with quite a long name, number {at}"))
                .collect();
            for line in lines(&names, &rows(columns)) {
                assert!(line.chars().count() <= WIDTH, "{columns}: {line}");
            }
        }
    }

    #[test]
    fn three_columns_are_beside_each_other_and_four_in_blocks() {
        let names = |count: usize| (0..count).map(|at| format!("p{at}")).collect::<Vec<_>>();
        let table = lines(&names(3), &rows(3));
        assert!(
            table[0].contains("p0") && table[0].contains("p2"),
            "{table:#?}"
        );
        let blocks = lines(&names(4), &rows(4));
        assert_eq!(blocks[0], "unit");
        assert!(
            blocks[1].starts_with("  p0  the first; a much"),
            "{blocks:#?}"
        );
    }

    #[test]
    fn words_are_kept_whole_where_they_fit() {
        //  text, width, lines
        let cases: [(&str, usize, &[&str]); 4] = [
            ("one two three", 8, &["one two", "three"]),
            ("", 8, &[]),
            ("extraordinarily", 6, &["extrao", "rdinar", "ily"]),
            ("größer als", 6, &["größer", "als"]),
        ];
        for (text, width, expected) in cases {
            assert_eq!(wrapped(text, width), expected, "{text:?}");
        }
    }
}
