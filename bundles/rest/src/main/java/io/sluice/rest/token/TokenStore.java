package io.sluice.rest.token;

import io.sluice.config.ConfigException;
import io.sluice.management.Role;
import io.sluice.management.TokenManagement;
import io.sluice.management.TokenStatus;
import io.sluice.rest.file.OwnerFile;
import io.sluice.rest.json.Json;
import io.sluice.rest.shape.Field;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.RefusedException;
import io.sluice.rest.shape.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Tokens in a file. Of a token there is nothing but its digest: it has 256 bits that nobody can guess, so that no salt and no
 * slow digest is needed. Asking for one waits for nothing. Any thread may call.
 */
public final class TokenStore implements TokenManagement {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String BEGIN = "sluice_";
    private static final int TOKEN_BYTES = 32;
    private static final int DIGEST_BYTES = 32;
    private static final int MOST_TOKENS = 1000;
    private static final int MOST_FILE_BYTES = 1 << 20;
    private static final int VERSION = 1;

    private static final Shape TOKEN =
            Shape.of("Token", Field.text("name"), Field.text("role"), Field.text("made"), Field.text("sha256"));
    private static final Shape DOCUMENT = Shape.of("Tokens", Field.number("version"), Field.objects("tokens", TOKEN));

    private record Token(TokenStatus status, byte[] digest) {}

    private final OwnerFile file;
    private final Path path;
    private final Clock clock;
    private final Supplier<String> refusal;
    private final SecureRandom random = new SecureRandom();
    private volatile String problem = "";

    /** Never changed: replaced. */
    private volatile List<Token> tokens = List.of();

    /** Whether they have been read, which they never are while the file may be that of another gateway; guarded by this. */
    private boolean own;

    /**
     * Reads the tokens that there are, unless they may be those of another gateway. If they cannot be read there is none, and none can
     * be made: what is in the file is left for somebody to look at.
     *
     * @param refusal returns why the file may be that of another gateway now, in one line with what to do; empty if it is not.
     *     Asked before each change, and before the tokens are read; must not wait
     */
    public TokenStore(Path path, Clock clock, Supplier<String> refusal) {
        this.file = new OwnerFile(path);
        this.path = path;
        this.clock = clock;
        this.refusal = refusal;
        readOwn();
    }

    /**
     * Reads the tokens as soon as they are known to be those of this gateway, and once. Waits for the disk.
     *
     * @return whether that has been done
     */
    public synchronized boolean readOwn() {
        if (!own && refusal.get().isEmpty()) {
            read();
        }
        return own;
    }

    private void read() {
        String wrong = "";
        List<Token> known = List.of();
        try {
            byte[] bytes = file.read(MOST_FILE_BYTES);
            known = bytes == null ? List.of() : parse(bytes);
        } catch (IOException | IllegalArgumentException | DateTimeException | RefusedException failed) {
            wrong = path + " cannot be read, so no token counts: " + RefusedException.oneLine(failed.getMessage());
        }
        problem = wrong;
        tokens = known;
        own = true;
    }

    /** A folder that is not its own keeps the tokens of somebody else, or is where one is not mounted yet. */
    private void requireOwn() throws ConfigException {
        String why = refusal.get();
        if (!why.isEmpty()) {
            throw new ConfigException(why);
        }
        if (!own) {
            read();
        }
    }

    /** Returns why the file cannot be read; empty if all is well, or it was not to be read yet. */
    public String problem() {
        return problem;
    }

    @Override
    public synchronized String create(String name, Role role) throws ConfigException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name of a token has 1 to 64 letters, digits, dots, hyphens and underscores");
        }
        requireOwn();
        if (tokens.stream().anyMatch(token -> token.status().name().equals(name))) {
            throw new ConfigException("there is a token " + name + " already: choose another name");
        }
        if (tokens.size() >= MOST_TOKENS) {
            throw new ConfigException("there are " + MOST_TOKENS + " tokens: revoke one that nobody needs");
        }
        byte[] bits = new byte[TOKEN_BYTES];
        random.nextBytes(bits);
        String text = BEGIN + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        List<Token> more = new ArrayList<>(tokens);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        more.add(new Token(new TokenStatus(name, role, now), digest(text)));
        more.sort(Comparator.comparing(token -> token.status().name()));
        keep(more);
        return text;
    }

    @Override
    public List<TokenStatus> list() {
        readOwn();
        return tokens.stream().map(Token::status).toList();
    }

    @Override
    public synchronized void revoke(String name) throws ConfigException {
        requireOwn();
        List<Token> others = tokens.stream()
                .filter(token -> !token.status().name().equals(name))
                .toList();
        if (others.size() == tokens.size()) {
            throw ConfigException.notFound(
                    name, "there is no token " + name + ": token:list shows those that there are");
        }
        keep(others);
    }

    /** Returns whose token it is, of those that have been read; does not wait. The time that it takes says nothing of the tokens that there are. */
    public Optional<TokenStatus> find(String text) {
        return find(digest(text));
    }

    private Optional<TokenStatus> find(byte[] digest) {
        TokenStatus found = null;
        for (Token token : tokens) {
            if (MessageDigest.isEqual(token.digest(), digest)) {
                found = token.status();
            }
        }
        return Optional.ofNullable(found);
    }

    /** Returns what tells, whenever it is asked, whether a token is one that counts. It does not keep the token. */
    public BooleanSupplier stillCounts(String text) {
        byte[] digest = digest(text);
        return () -> find(digest).isPresent();
    }

    private void keep(List<Token> changed) throws ConfigException {
        if (!problem.isEmpty()) {
            throw new ConfigException(problem);
        }
        try {
            file.replace(Json.bytes(Map.of(
                    "version",
                    VERSION,
                    "tokens",
                    changed.stream().map(TokenStore::entry).toList())));
        } catch (IOException failed) {
            throw new ConfigException("the tokens cannot be kept: " + failed.getMessage(), failed);
        }
        tokens = List.copyOf(changed);
    }

    private static Map<String, String> entry(Token token) {
        return Map.of(
                "name", token.status().name(),
                "role", token.status().role().label(),
                "made", token.status().made().toString(),
                "sha256", HexFormat.of().formatHex(token.digest()));
    }

    private static List<Token> parse(byte[] bytes) throws IOException {
        Fields document = Fields.of(Json.object(bytes), DOCUMENT);
        if (document.number("version") != VERSION) {
            throw new IOException("its version is not " + VERSION);
        }
        List<Token> all = new ArrayList<>();
        for (Fields entry : document.objects("tokens")) {
            byte[] digest = HexFormat.of().parseHex(entry.text("sha256"));
            if (digest.length != DIGEST_BYTES) {
                throw new IOException("a digest has not " + DIGEST_BYTES + " bytes");
            }
            TokenStatus status = new TokenStatus(
                    entry.text("name"), Role.parse(entry.text("role")), Instant.parse(entry.text("made")));
            all.add(new Token(status, digest));
        }
        return List.copyOf(all);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
