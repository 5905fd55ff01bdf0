package io.sluice.rest.osgi;

import io.sluice.config.ConfigException;
import io.sluice.management.Role;
import io.sluice.management.TokenManagement;
import io.sluice.management.TokenStatus;
import io.sluice.rest.shape.RefusedException;
import java.security.AccessController;
import java.security.Principal;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.Subject;

/** Writes a line for each change of tokens, as the gateway does for its own: {@code alice@127.0.0.1 revoke token ci: done}. */
final class AuditedTokens implements TokenManagement {

    /** Somebody who did not have to log in, which only code of this process can do. */
    private static final String LOCAL = "local";

    /** Where a console session comes from, such as {@code ssh(/127.0.0.1:4711)}. */
    private static final Pattern CLIENT = Pattern.compile(".*/([^/]*):\\d+\\)");

    private final TokenManagement tokens;
    private final Consumer<String> lines;

    /** @param lines takes each line */
    AuditedTokens(TokenManagement tokens, Consumer<String> lines) {
        this.tokens = tokens;
        this.lines = lines;
    }

    @Override
    public String create(String name, Role role) throws ConfigException {
        String what = "create token " + name + " as " + role.label();
        try {
            String token = tokens.create(name, role);
            write(what, "done");
            return token;
        } catch (ConfigException refused) {
            write(what, "refused: " + refused.getMessage());
            throw refused;
        }
    }

    @Override
    public List<TokenStatus> list() {
        return tokens.list();
    }

    @Override
    public void revoke(String name) throws ConfigException {
        String what = "revoke token " + name;
        try {
            tokens.revoke(name);
            write(what, "done");
        } catch (ConfigException refused) {
            write(what, "refused: " + refused.getMessage());
            throw refused;
        }
    }

    private void write(String what, String outcome) {
        lines.accept(RefusedException.oneLine(caller() + " " + what + ": " + outcome));
    }

    @SuppressWarnings("removal")
    private static String caller() {
        Subject subject = Subject.getSubject(AccessController.getContext());
        String user = principal(subject, "UserPrincipal");
        if (user.isEmpty()) {
            return LOCAL;
        }
        Matcher client = CLIENT.matcher(principal(subject, "ClientPrincipal"));
        return user + "@" + (client.matches() ? client.group(1) : LOCAL);
    }

    /** Karaf's classes are known by name only, so that they need not be there. */
    private static String principal(Subject subject, String type) {
        return subject == null
                ? ""
                : subject.getPrincipals().stream()
                        .filter(principal ->
                                principal.getClass().getSimpleName().equals(type))
                        .map(Principal::getName)
                        .findFirst()
                        .orElse("");
    }
}
