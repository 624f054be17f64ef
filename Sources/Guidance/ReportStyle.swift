/// The style sheet of report pages: light and dark paper, narrow screens, print.
enum ReportStyle {
    static let css = """
        :root { color-scheme: light dark; --paper: #fcfcfd; --ink: #1b1d21; --muted: #5b616b; --line: #dfe2e7;
          --soft: #f3f4f7; --accent: #1f6f9c; }
        @media screen and (prefers-color-scheme: dark) { :root { --paper: #17191c; --ink: #eceef1; --muted: #a2a8b2;
          --line: #34383f; --soft: #202327; --accent: #7cc0e8; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 0.25rem; }
        h2 { font-size: 1.2rem; line-height: 1.3; letter-spacing: -0.005em; margin: 2.75rem 0 0.5rem; }
        h3 { font-size: 0.95rem; margin: 0 0 0.6rem; }
        p { margin: 0.4rem 0; max-width: 44rem; }
        .lead { font-size: 1.1rem; }
        .when, .note { color: var(--muted); }
        .note { font-size: 0.9rem; }
        dl.facts { display: flex; flex-wrap: wrap; gap: 0.6rem 2.5rem; margin: 1.2rem 0 0; padding: 0.9rem 0;
          border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
        dl.facts dt { font-size: 0.8rem; color: var(--muted); }
        dl.facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
        aside { margin: 1.5rem 0 0; padding: 0.8rem 1.1rem; background: var(--soft); border-left: 3px solid var(--accent);
          border-radius: 0 6px 6px 0; }
        aside p { max-width: none; }
        figure { margin: 0.75rem 0; overflow-x: auto; }
        svg { display: block; height: auto; }
        figure.wide svg { width: 100%; min-width: 40rem; }
        .pair { display: grid; grid-template-columns: minmax(0, 31rem) minmax(14rem, 1fr); gap: 1rem 2.5rem; align-items: start; }
        .pair svg { width: 100%; }
        .halves { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem 3rem; margin-top: 0.9rem; }
        .halves svg { width: 100%; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin-top: 0.75rem; font-size: 0.9rem; line-height: 1.4; }
        th { text-align: left; font-weight: 600; color: var(--muted); font-size: 0.8rem; vertical-align: bottom;
          border-bottom: 1px solid var(--ink); padding: 0.35rem 0.75rem 0.35rem 0; }
        td { vertical-align: top; border-bottom: 1px solid var(--line); padding: 0.55rem 0.75rem 0.55rem 0; }
        th:last-child, td:last-child { padding-right: 0; }
        .scroll table { min-width: 40rem; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td ul { margin: 0; padding-left: 1rem; }
        td small { color: var(--muted); font-size: inherit; }
        .chip { display: inline-block; border: 1px solid var(--line); border-radius: 1em; padding: 0 0.6em;
          margin: 0.1em 0.15em 0.1em 0; white-space: nowrap; }
        ul.plain { margin: 0; padding-left: 1.1rem; }
        ul.plain li { margin: 0.3rem 0; }
        footer { margin-top: 3rem; padding-top: 0.9rem; border-top: 1px solid var(--line); color: var(--muted);
          font-size: 0.85rem; }
        @media (max-width: 46rem) { .pair, .halves { grid-template-columns: minmax(0, 1fr); } main { padding: 1.5rem 1rem 3rem; } }
        @media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } h2 { break-after: avoid; }
          figure, tr, aside { break-inside: avoid; } figure.wide svg, .scroll table { min-width: 0; }
          * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }

        """
}
