class Fate:
    """What becomes of one inbound mail, while the gateway looks at it.

    It travels in the context as an object, which no client can send.
    """

    #: Name of its key in the context.
    KEY = "cs_mail_fate"

    def __init__(self, target=None, by_hand=False):
        #: The matter a person chose for it.
        self.target = target
        #: A person had it tried again: he saw what is wrong with it.
        self.by_hand = by_hand
        self.automatic = False
        self.reason = ""
        self.error = ""
        self.matter = None

    def park(self, reason, matter=None, error=""):
        """Keep the mail for a person; the first reason counts.

        :param matter: the matter it seems to be about
        """
        if not self.reason:
            self.reason, self.matter, self.error = reason, matter, error
