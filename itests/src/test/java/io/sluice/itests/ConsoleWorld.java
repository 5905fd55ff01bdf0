package io.sluice.itests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An instance with something of everything, under the names that examples use, and a person at its prompt: disk0 and disk1 are
 * LUN 0 and 1 of a target, spare is mapped nowhere, and a host is logged in. The host may use the target because it is on this
 * machine; web1, esx1 and spare are hosts that never come.
 */
final class ConsoleWorld implements AutoCloseable {

    static final String TARGET = "iqn.2026-11.io.sluice:disk0";

    private static final List<String> SCOPES = List.of(
            "backstore", "gateway", "initiator", "lun", "portal", "session", "support", "target", "token", "trace");

    private final Sluice sluice;
    private final Terminal terminal;
    private Host host;

    ConsoleWorld(Sluice sluice) throws IOException {
        this.sluice = sluice;
        terminal = Terminal.open(sluice);
    }

    Sluice sluice() {
        return sluice;
    }

    Terminal terminal() {
        return terminal;
    }

    /** Makes it anew. */
    void make() throws IOException {
        leave();
        Console.empty(sluice);
        Console.writeSecrets(sluice);
        prepare(
                "backstore:create file disk0 --path disk0.img --size 1M",
                "backstore:create memory disk1 --size 1M",
                "backstore:create memory spare --size 1M",
                "target:create " + TARGET + " --backstore disk0 --backstore disk1",
                "initiator:create here --address 127.0.0.1",
                "initiator:create web1 --iqn iqn.1993-08.org.debian:01:web1",
                "initiator:create esx1 --iqn iqn.1998-01.com.vmware:esx1-*",
                "initiator:create spare --address 192.0.2.99",
                "initiator:group cluster esx1",
                "target:allow " + TARGET + " here",
                "target:allow " + TARGET + " web1");
        host = Host.logIn(sluice, TARGET, 1);
    }

    /** Runs lines that have to succeed. */
    void prepare(String... lines) throws IOException {
        for (String line : lines) {
            Terminal.Outcome outcome = terminal.run(line);
            if (outcome.failed()) {
                throw new AssertionError(line + ": " + outcome.text());
            }
        }
    }

    /** Ends the session of the host. */
    void leave() throws IOException {
        if (host != null) {
            host.close();
            host = null;
        }
    }

    /** Returns the help of every command, by its name. */
    Map<String, HelpPage> pages(Terminal terminal) throws IOException {
        Map<String, HelpPage> pages = new TreeMap<>();
        for (String command : commands()) {
            pages.put(
                    command,
                    HelpPage.of(command, terminal.run(command + " --help").text()));
        }
        return pages;
    }

    /** Returns the number of the session that the host has: the newest, because one that ended may be on the list still. */
    String session() throws IOException {
        int newest = 0;
        for (JsonNode session : Json.read(Console.ssh(sluice).run("session:list --json"))) {
            newest = Math.max(newest, session.path("id").asInt());
        }
        return Integer.toString(newest);
    }

    /** Returns the number of the port by which the target is reached. */
    String portNumber() throws IOException {
        JsonNode target = Json.read(Console.ssh(sluice).run("target:info " + TARGET + " --json"));
        return target.at("/ports/0/number").asText();
    }

    /** Returns the number of the newest change of the configuration. */
    int revision() throws IOException {
        int newest = 0;
        for (JsonNode revision : Json.read(Console.ssh(sluice).run("gateway:history --json"))) {
            newest = Math.max(newest, revision.path("revision").asInt());
        }
        return newest;
    }

    /** Returns the id of the newest job. */
    String job() throws IOException {
        JsonNode jobs = Json.read(Console.ssh(sluice).run("gateway:jobs --json"));
        return jobs.path(jobs.size() - 1).path("id").asText();
    }

    /** Returns all commands of ours that the console has, as it shows them itself when TAB is pressed. */
    List<String> commands() throws IOException {
        TreeSet<String> commands = new TreeSet<>();
        for (String scope : SCOPES) {
            String begin = scope + ":";
            terminal.clear().type(begin).tab();
            // The only command of a scope is not listed, but written.
            terminal.await(
                    "the commands of " + scope,
                    screen -> screen.lists(begin) || screen.line().matches(begin + "\\S+"));
            if (!terminal.line().equals(begin)) {
                commands.add(terminal.line());
            }
            terminal.below().stream()
                    .map(row -> row.split(" ")[0])
                    .filter(name -> name.startsWith(scope + ":"))
                    .forEach(commands::add);
        }
        terminal.clear();
        return new ArrayList<>(commands);
    }

    @Override
    public void close() throws IOException {
        leave();
        terminal.close();
    }
}
