export const deadletterCommand = async () => 0;
