package io.sluice.rest.action;

import io.sluice.config.ConfigException;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Role;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Set;

/**
 * A row of the table of what can be done. Immutable: what begins with a verb makes a copy.
 *
 * @param method the HTTP method
 * @param path below the root of the interface, such as {@code /targets/{iqn}}
 * @param role who may do it
 * @param command the command of the console that does the same; empty if there is none
 * @param summary one line for people
 * @param query what may stand behind the question mark, flags only
 * @param body what the document has to be; null if none is taken
 * @param answer what is answered; null for nothing
 * @param many whether it answers a list of such
 * @param status what it answers with, if it can be done
 * @param uses methods of the management services that do it, as {@code name(Type, Type)}
 * @param handler does it
 */
public record Action(
        String method,
        String path,
        Role role,
        String command,
        String summary,
        Shape query,
        Shape body,
        Shape answer,
        boolean many,
        int status,
        Set<String> uses,
        Handler handler) {

    /** There is nothing behind the question mark. */
    static final Shape NO_QUERY = Shape.of("");

    /** Whole configurations are sent there. */
    private static final String CONFIGURATIONS = "/configuration/";

    /** So much for what is no configuration. */
    private static final int SMALL_BYTES = 64 << 10;

    /** Does what a row says. It may wait for the gateway. */
    @FunctionalInterface
    public interface Handler {

        /** Does it, and returns the answer. */
        Reply handle(Call call) throws ConfigException;
    }

    /** Begins a row. */
    static Action of(String method, String path, Role role, String command, String summary) {
        return new Action(
                method, path, role, command, summary, NO_QUERY, null, null, false, 204, Set.of(), call -> Reply.done());
    }

    /** Begins a row that shows something. */
    static Action show(String path, String command, String summary) {
        return of("GET", path, Role.VIEWER, command, summary).withStatus(200);
    }

    /** Returns the same with flags behind the question mark. */
    Action queries(Shape flags) {
        return new Action(method, path, role, command, summary, flags, body, answer, many, status, uses, handler);
    }

    /** Returns the same, which takes a document. */
    Action takes(Shape document) {
        return new Action(method, path, role, command, summary, query, document, answer, many, status, uses, handler);
    }

    /** Returns the same, which answers one thing. */
    Action answers(int with, Shape one) {
        return new Action(method, path, role, command, summary, query, body, one, false, with, uses, handler);
    }

    /** Returns the same, which answers a list. */
    Action answersMany(Shape each) {
        return new Action(method, path, role, command, summary, query, body, each, true, 200, uses, handler);
    }

    private Action withStatus(int with) {
        return new Action(method, path, role, command, summary, query, body, answer, many, with, uses, handler);
    }

    /** Returns the same, done by a handler that uses these methods. */
    Action does(Handler how, String... methods) {
        return new Action(
                method, path, role, command, summary, query, body, answer, many, status, Set.of(methods), how);
    }

    /** Returns how many bytes its document has at most. What is made of one in memory is many times as large. */
    public int mostBytes() {
        return path.startsWith(CONFIGURATIONS) ? ConfigurationManagement.MAX_BYTES : SMALL_BYTES;
    }

    /** Returns the segments of the path. */
    public List<String> segments() {
        return List.of(path.substring(1).split("/"));
    }

    /** Returns the name of a segment that stands for a value; null for one that stands for itself. */
    public static String parameter(String segment) {
        return segment.startsWith("{") ? segment.substring(1, segment.length() - 1) : null;
    }
}
