package io.sluice.rest.osgi;

import io.sluice.config.PortalConfig;
import io.sluice.config.ServiceSettings;
import io.sluice.management.Role;
import io.sluice.rest.http.RestSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * What {@code etc/io.sluice.rest.cfg} has.
 *
 * @param settings those of the file, and the usual ones in the place of those that are not there
 * @param made whether they lack a certificate, which is to be made
 * @param problems what is there that does nothing, a line each
 */
record RestSettingsFile(RestSettings settings, boolean made, List<String> problems) {

    static final String PID = "io.sluice.rest";

    /** In the place of a file with a certificate. */
    private static final String MADE = "made";

    private static final String USUAL_ADDRESS = "127.0.0.1:8445";

    /**
     * Reads the settings. An address that does not do is not replaced: whoever has written one does not want another.
     *
     * @param etc where relative paths of files begin
     * @throws IOException if the address is none; the message is one line for the operator
     */
    static RestSettingsFile of(Map<String, ?> values, Path etc) throws IOException {
        ServiceSettings file = new ServiceSettings(PID, values);
        String certificate = file.text("certificate", "");
        String key = file.text("key", "");
        boolean made = certificate.equals(MADE);
        if (made && !key.isEmpty()) {
            throw new IOException("key is made too with certificate = made: leave it out");
        }
        RestSettings settings = new RestSettings(
                address(file.text("address", USUAL_ADDRESS)),
                made ? null : path(certificate, etc),
                path(key, etc),
                Instant.MAX,
                clients(path(file.text("clientCertificates", ""), etc), file.text("clients", "")),
                RestSettings.Limits.DEFAULTS);
        return new RestSettingsFile(settings, made, file.problems());
    }

    private static RestSettings.Clients clients(Path authorities, String table) throws IOException {
        if (authorities == null != table.isEmpty()) {
            throw new IOException("clientCertificates and clients go together: set both, or none");
        }
        Map<X500Principal, Role> roles = new HashMap<>();
        for (String entry : table.isEmpty() ? new String[0] : table.split(";")) {
            int colon = entry.lastIndexOf(':');
            try {
                X500Principal name =
                        new X500Principal(entry.substring(0, Math.max(colon, 0)).strip());
                Role role = Role.parse(entry.substring(colon + 1).strip());
                if (name.getName().isEmpty()) {
                    throw new IllegalArgumentException("it is NAME:ROLE, such as CN=deployer:admin");
                }
                if (roles.put(name, role) != null) {
                    throw new IllegalArgumentException("it is there twice");
                }
            } catch (IllegalArgumentException wrong) {
                throw new IOException("clients: '" + entry.strip() + "': " + wrong.getMessage(), wrong);
            }
        }
        if (authorities != null && roles.isEmpty()) {
            throw new IOException("clients: it names nobody");
        }
        return new RestSettings.Clients(authorities, roles);
    }

    private static InetSocketAddress address(String text) throws IOException {
        try {
            if (!text.matches(".*:\\d+")) {
                throw new IllegalArgumentException("'" + text + "' is not ADDRESS:PORT, such as " + USUAL_ADDRESS);
            }
            PortalConfig address = PortalConfig.parse(text);
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (IllegalArgumentException wrong) {
            throw new IOException("address: " + wrong.getMessage(), wrong);
        } catch (UnknownHostException unknown) {
            throw new IOException("address: nobody knows the host of " + text, unknown);
        }
    }

    private static Path path(String text, Path etc) {
        return text.isEmpty() ? null : etc.resolve(text);
    }
}
