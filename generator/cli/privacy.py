"""Who may see an account: the level changed from the command line, and the unlisted link told."""

from dataclasses import replace

from generator.cli.app import App
from generator.cli.building import rebuild
from generator.domain.account import Account, Privacy, tree, with_privacy
from generator.errors import UsageError

LINK_IS_KEPT_BACK = (
    "the unlisted link is not shown where others read along; in a clone, build-site state pull, "
    "build-site privacy NAME unlisted --new-link and build-site state push draw another"
)


def checked_level(level: str, *, new_link: bool) -> Privacy:
    """The level. Raises UsageError when a link is wanted where there is none."""
    if new_link and level != Privacy.UNLISTED:
        raise UsageError("privacy --new-link", "is for unlisted accounts only")
    return Privacy(level)


def change_privacy(app: App, name: str, level: Privacy, *, new_link: bool) -> int:
    """Change the level of an account and rebuild; a link that was drawn for it is printed once."""
    app.account(name)
    with app.lock("privacy"):
        former = app.account(name)
        kept = replace(former, slug=None) if new_link else former
        account = with_privacy(kept, level, app.accounts.new_slug)
        app.accounts.save(account)
        app.output.say(f"{app.output.label(account.name)} is {account.privacy} now")
        if account.slug != former.slug:
            app.output.reveal(unlisted_link(app, account), LINK_IS_KEPT_BACK)
        tell_of_link(app, account, new=account.slug != former.slug)
        return rebuild(app, app.workspace.site)


def unlisted_link(app: App, account: Account) -> str:
    """Where an unlisted account is found: absolute when it is known where the site is."""
    return f"{app.settings.site.base_url}{tree(account.name, account.slug)}"


def tell_of_link(app: App, account: Account, *, new: bool) -> None:
    """Say how an unlisted account can be found, which is told once and cannot be looked up."""
    if account.privacy is not Privacy.UNLISTED:
        return
    if new:
        app.output.say("whoever has this link can see the account; it is not shown again")
    else:
        app.output.say(
            f"its link is the one it had; build-site privacy {app.output.label(account.name)} "
            "unlisted --new-link draws another, and the old one ends"
        )
