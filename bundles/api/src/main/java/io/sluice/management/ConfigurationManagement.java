package io.sluice.management;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The part of the gateway that takes its configuration as a document: the JSON of {@code etc/gateway.json}, as text of at most
 * {@value #MAX_BYTES} bytes in UTF-8. Of secrets a document has the names of their files, never what is in them. The rules of
 * {@link Gateway} count here too.
 *
 * <p>A document is the whole configuration: what it does not name is taken away. One that says {@code "part": true}, or that is
 * said to be merged, adds and changes what it names, and leaves the rest as it is.
 */
@ProviderType
public interface ConfigurationManagement {

    /** The most bytes of a document. */
    int MAX_BYTES = 16 << 20;

    /** How many revisions are kept. */
    int MOST_REVISIONS = 50;

    /**
     * Returns a document of what is served.
     *
     * @param target empty for everything; otherwise a part is returned, with this target, its backstores, and the initiators and
     *     groups that it is granted to
     */
    String export(Optional<IscsiName> target) throws ConfigException;

    /**
     * Returns what {@link #apply} would change, and changes nothing.
     *
     * @param merge whether what the document does not name stays, also if it does not say that it is a part
     * @return in the order of {@link #apply}; empty if there is nothing to do
     * @throws ConfigException if it cannot be applied, as far as that can be known before anything is made
     */
    List<Difference> plan(String document, boolean merge) throws ConfigException;

    /**
     * Makes the configuration what a document says, whole or not at all. What is the same in both stays as it is, with its
     * sessions; a document that is applied again changes nothing.
     *
     * @param merge as with {@link #plan}
     * @param why for the history; may be empty
     * @return what was changed
     */
    List<Difference> apply(String document, boolean merge, String why) throws ConfigException;

    /**
     * Returns what {@link #importForeign} would change, and changes nothing.
     *
     * @param format whose document it is: {@code gotgt} or {@code targetcli}
     */
    ImportReport planImport(String format, String document) throws ConfigException;

    /**
     * Adds what the configuration of another target says. Secrets in it go into files of their own.
     *
     * @param format whose document it is: {@code gotgt} or {@code targetcli}
     * @param why for the history; may be empty
     */
    ImportReport importForeign(String format, String document, String why) throws ConfigException;

    /** Returns the last changes of the configuration, the newest first, {@value #MOST_REVISIONS} at most. */
    List<Revision> history();

    /** Returns the configuration as a revision has left it, as a document. */
    String revision(int number) throws ConfigException;

    /**
     * Makes the configuration what it was after a revision; that is a revision of its own.
     *
     * @param why for the history; may be empty
     * @return what was changed
     */
    List<Difference> rollback(int number, String why) throws ConfigException;
}
