package io.sluice.shell;

import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.management.Gateway;
import io.sluice.management.PortalStatus;
import io.sluice.shell.secret.Questions;
import io.sluice.shell.support.Folders;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What {@code gateway:setup} asks: each answer is checked at once, as far as it can be without making anything. */
final class SetupQuestions {

    private final Questions questions;
    private final Gateway gateway;
    private final Consumer<String> printer;

    SetupQuestions(Questions questions, Gateway gateway, Consumer<String> printer) {
        this.questions = questions;
        this.gateway = gateway;
        this.printer = printer;
    }

    SetupAnswers ask() {
        PortalConfig portal =
                questions.ask("Address that hosts reach it at", usualPortal().address(), PortalConfig::parse);
        Path folder = questions.ask(
                "Folder of the disks", Folders.ofInstance().volumes().toString(), SetupQuestions::folder);
        String disk = questions.ask("Name of the disk", usualName(folder), answer -> freeName(folder, answer));
        long size = questions.ask("Its size", "10G", ByteSize::parse);
        // Who lets everybody in from elsewhere says so; without a grant a disk is for this machine.
        String usual = portal.loopback() || !questions.asked() ? "all" : "";
        String iqn = questions.ask("iSCSI name of the host that may use it, or all", usual, SetupQuestions::host);
        boolean chap = !iqn.isEmpty() && questions.ask("Has it to prove who it is (CHAP)", "yes", SetupQuestions::yes);
        boolean strangers = iqn.isEmpty() && !portal.loopback() && questions.asked();
        PortalConfig listen = new PortalConfig(portal.host(), portal.port(), 1, "", strangers);
        return new SetupAnswers(listen, folder, disk, size, iqn, chap);
    }

    /** Tells what there is to choose from. */
    void introduce() {
        printer.accept("ENTER takes what is in brackets, Ctrl-C leaves without a change.");
        printer.accept("This machine has the addresses " + String.join(", ", addresses()) + ".");
    }

    /** Returns one that is open: somebody has chosen it, or it is for this machine only. */
    private PortalConfig usualPortal() {
        return gateway.portals().stream()
                .map(PortalStatus::config)
                .findFirst()
                .orElse(new PortalConfig("127.0.0.1", PortalConfig.DEFAULT_PORT));
    }

    private String usualName(Path folder) {
        int number = 0;
        while (taken(folder, "disk" + number)) {
            number++;
        }
        return "disk" + number;
    }

    /** Those that hosts can reach come first. */
    private List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress())
                    .sorted(Comparator.comparing(InetAddress::isLoopbackAddress)
                            .thenComparing(Inet6Address.class::isInstance))
                    .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
                    .map(address -> address.indexOf(':') < 0 ? address : "[" + address + "]")
                    .forEach(addresses::add);
        } catch (SocketException unknown) {
            printer.accept("Which addresses it has cannot be told: " + unknown.getMessage() + ".");
        }
        return addresses;
    }

    private static Path folder(String answer) {
        Path folder = Path.of(answer);
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException("'" + answer + "' is not a whole path: one begins with /");
        }
        return folder;
    }

    private String freeName(Path folder, String answer) {
        InitiatorEditCommand.withoutSecrets(answer, List.of(), List.of());
        if (taken(folder, answer)) {
            throw new IllegalArgumentException("there is a disk or a file of the name " + answer + " already");
        }
        return answer;
    }

    private boolean taken(Path folder, String disk) {
        GatewayConfig config = gateway.config();
        return config.backstore(disk).isPresent()
                || config.target(new IscsiName(SetupAnswers.TARGET_PREFIX + disk))
                        .isPresent()
                || config.initiator(SetupAnswers.host(disk)).isPresent()
                || config.group(SetupAnswers.host(disk)).isPresent()
                || Files.exists(folder.resolve(disk + ".img"));
    }

    private static String host(String answer) {
        return answer.equals("all")
                ? ""
                : InitiatorEditCommand.withoutSecrets("host", List.of(answer), List.of())
                        .names()
                        .get(0);
    }

    private static boolean yes(String answer) {
        return switch (answer) {
            case "yes", "y" -> true;
            case "no", "n" -> false;
            default -> throw new IllegalArgumentException("'" + answer + "' is neither yes nor no");
        };
    }
}
