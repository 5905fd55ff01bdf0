package io.sluice.management;

import io.sluice.config.ConfigException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The tokens by which programs show the REST interface who they are. A change is on stable storage when its method returns; when
 * it throws {@link ConfigException} nothing has changed. None counts, and none can be changed, while what is kept may be another
 * gateway's ({@link Gateway#stateProblem}). Any thread may call.
 */
@ProviderType
public interface TokenManagement {

    /**
     * Makes a token. It is returned once and kept nowhere: what is kept can tell it, but not make it.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens or underscores
     * @return the token
     * @throws ConfigException if there is one of that name, or it cannot be kept
     * @throws IllegalArgumentException if the name is none; the message is fit for a user
     */
    String create(String name, Role role) throws ConfigException;

    /** Returns all tokens, by name. */
    List<TokenStatus> list();

    /** Takes a token back: from then on no request that has it is answered. */
    void revoke(String name) throws ConfigException;
}
