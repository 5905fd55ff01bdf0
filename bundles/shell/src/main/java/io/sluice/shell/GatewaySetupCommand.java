package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.GrantConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.management.PortalStatus;
import io.sluice.shell.secret.Questions;
import io.sluice.shell.syntax.Syntax;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code gateway:setup}. Everything is asked before anything is made; when something cannot be made, what was made before it is
 * taken back.
 */
@Command(
        name = "gateway:setup",
        description = "Asks what the first disk is to be, and makes it",
        footer = "gateway:setup --defaults")
final class GatewaySetupCommand extends GatewayCommand {

    private interface Change {

        void make() throws ConfigException;
    }

    @Option(names = "--defaults", description = "Asks nothing: a disk of 10G for this machine")
    private boolean defaults;

    /** How to take back what was made; the last one first. */
    private final Deque<Change> back = new ArrayDeque<>();

    @Override
    void run() throws ConfigException {
        Questions questions = defaults
                ? Questions.answered()
                : Questions.at(session(), "write the lines that the user guide has, or gateway:setup --defaults");
        SetupQuestions setup = new SetupQuestions(questions, gateway(), this::print);
        if (!defaults) {
            setup.introduce();
        }
        SetupAnswers answers = setup.ask();
        try {
            make(answers);
        } catch (ConfigException | IllegalArgumentException refused) {
            throw takenBack(refused);
        }
        tell(answers);
    }

    /** The secret is asked for by the first line, so whoever leaves that question has made nothing. */
    private void make(SetupAnswers answers) throws ConfigException {
        IscsiName target = answers.target();
        if (!answers.openToAll()) {
            List<String> words = new ArrayList<>(List.of(answers.host(), "--iqn", answers.iqn()));
            if (answers.chap()) {
                words.addAll(List.of("--chap", answers.host()));
            }
            other(new InitiatorCreateCommand(), words);
            back.push(() -> gateway().access().deleteInitiator(answers.host()));
        }
        listen(answers);
        other(
                new TargetCreateCommand(),
                List.of(target.value(), "--file", answers.file(), "--size", Long.toString(answers.sizeBytes())));
        back.push(() -> gateway().deleteBackstore(answers.disk()));
        back.push(() -> gateway().deleteTarget(target, true));
        if (!answers.openToAll()) {
            gateway().access().allow(target, new GrantConfig(answers.host(), List.of(), false, false));
            print(answers.host() + " may use target " + target + ".");
        }
    }

    private void listen(SetupAnswers answers) throws ConfigException {
        PortalConfig wanted = answers.portal();
        Optional<PortalConfig> present = gateway().portals().stream()
                .map(PortalStatus::config)
                .filter(wanted::sameAddress)
                .findFirst();
        if (present.isEmpty()) {
            gateway().createPortal(wanted);
            back.push(() -> gateway().deletePortal(wanted));
            print("Portal " + wanted + " is open.");
        } else if (wanted.openToAll() && !present.get().openToAll()) {
            PortalConfig before = present.get();
            gateway()
                    .changePortal(
                            new PortalConfig(before.host(), before.port(), before.group(), before.announce(), true));
            back.push(() -> gateway().changePortal(before));
        }
    }

    private void other(GatewayCommand line, List<String> words) throws ConfigException {
        Syntax.of(line).parseArgs(words.toArray(String[]::new));
        run(line, console());
    }

    private ConfigException takenBack(Exception refused) {
        StringBuilder left = new StringBuilder();
        for (Change change : back) {
            try {
                change.make();
            } catch (ConfigException kept) {
                left.append("; and this could not be taken back: ").append(kept.getMessage());
            }
        }
        return new ConfigException(refused.getMessage() + left, refused);
    }

    private void tell(SetupAnswers answers) {
        String portal = answers.portal().address();
        String node = "  iscsiadm -m node -T " + answers.target();
        print("");
        print("On a Linux host with open-iscsi:");
        print("  iscsiadm -m discovery -t sendtargets -p " + portal);
        if (answers.chap()) {
            String update = node + " -o update -n node.session.auth.";
            print(update + "authmethod -v CHAP");
            print(update + "username -v " + answers.host());
            print(update + "password -v SECRET");
        }
        print(node + " --login");
        print("With QEMU:");
        print("  iscsi://" + (answers.chap() ? answers.host() + "%SECRET@" : "") + portal + "/" + answers.target()
                + "/0");
    }
}
