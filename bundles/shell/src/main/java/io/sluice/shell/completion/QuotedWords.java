package io.sluice.shell.completion;

import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.console.Session;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.LineReader;
import org.jline.reader.impl.CompletionMatcherImpl;
import org.jline.reader.impl.LineReaderImpl;

/**
 * Lets TAB work behind an open quote. The console's parser counts the quote as a place in the word, though the word it gives
 * has none; the reader of lines then looks behind the end of the word, fails, and the console drops the line.
 */
final class QuotedWords extends CompletionMatcherImpl {

    private static final String READER = ".jline.reader";

    /** Puts itself into the reader of a session, if it has one. */
    static void mend(Session session) {
        if (session.get(READER) instanceof LineReaderImpl reader) {
            reader.setCompletionMatcher(new QuotedWords());
        }
    }

    @Override
    public void compile(
            Map<LineReader.Option, Boolean> options,
            boolean prefix,
            CompletingParsedLine line,
            boolean caseInsensitive,
            int errors,
            String originalGroupName) {
        super.compile(options, prefix, new Inside(line), caseInsensitive, errors, originalGroupName);
    }

    /** The same line, whose cursor is inside its word. */
    private static final class Inside implements CompletingParsedLine {

        private final CompletingParsedLine line;

        Inside(CompletingParsedLine line) {
            this.line = line;
        }

        @Override
        public int wordCursor() {
            return Math.min(line.wordCursor(), line.word().length());
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return line.escape(candidate, complete);
        }

        @Override
        public int rawWordCursor() {
            return line.rawWordCursor();
        }

        @Override
        public int rawWordLength() {
            return line.rawWordLength();
        }

        @Override
        public String word() {
            return line.word();
        }

        @Override
        public int wordIndex() {
            return line.wordIndex();
        }

        @Override
        public List<String> words() {
            return line.words();
        }

        @Override
        public String line() {
            return line.line();
        }

        @Override
        public int cursor() {
            return line.cursor();
        }
    }
}
